import JOSE

/// Hashes of no password that anybody knows: with them, checking somebody unknown, disabled or cheaply hashed is as much work as
/// checking the user whose hash is the dearest. Where there are hashes of both schemes, everybody's check is one of each.
struct Decoys: Sendable {
    /// By bcrypt's cost, from the lowest one to the dearest; empty where no hash is bcrypt's.
    private let bcrypt: [Secret]
    private let argon2id: (hash: Secret, cost: Argon2id.Cost)?

    private static let lowestCost = 4

    /// - Parameter schemes: those of all hashes that there may be.
    init(schemes: [PasswordScheme], randomness: Randomness) {
        var costs: [Int] = []
        var dearest: Argon2id.Cost?
        for scheme in schemes {
            switch scheme {
            case .bcrypt(let cost): costs.append(cost)
            case .argon2id(let cost): if dearest.map({ $0.work < cost.work }) ?? true { dearest = cost }
            }
        }
        let highest = costs.max() ?? (dearest == nil ? Bcrypt.usualCost : Self.lowestCost - 1)
        bcrypt = stride(from: Self.lowestCost, through: highest, by: 1).map { Self.bcrypt(cost: $0, randomness: randomness) }
        argon2id = dearest.map { (Self.argon2id(cost: $0, randomness: randomness), $0) }
    }

    /// The longest password that is worth looking at.
    var maximumPasswordBytes: Int { argon2id == nil ? Bcrypt.maximumPasswordBytes : Argon2id.maximumPasswordBytes }

    /// What has to be checked beside a hash, or in its place.
    func filling(up hash: Secret?) -> [Secret] {
        let scheme = hash.flatMap(PasswordScheme.init(of:))
        return Array(bcrypt(beside: scheme)) + argon2id(beside: scheme)
    }

    /// Each cost is twice the work of the one below: 2ᶜ and then 2ᶜ … 2ᵈ⁻¹ are together 2ᵈ.
    private func bcrypt(beside scheme: PasswordScheme?) -> ArraySlice<Secret> {
        guard case .bcrypt(let cost)? = scheme else { return bcrypt.suffix(1) }
        return bcrypt.dropLast().dropFirst(cost - Self.lowestCost)
    }

    private func argon2id(beside scheme: PasswordScheme?) -> [Secret] {
        guard let argon2id else { return [] }
        if case .argon2id(let cost)? = scheme, cost.work >= argon2id.cost.work { return [] }
        return [argon2id.hash]
    }

    /// A well-formed hash: 22 letters of salt and 31 of digest, at random.
    private static func bcrypt(cost: Int, randomness: Randomness) -> Secret {
        let alphabet = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        let letters = randomness.bytes(53).map { alphabet[Int($0 & 63)] }
        // The salt has 128 bits: of its last letter's six only two count, and libcrypt takes no others.
        let salt = letters.prefix(21) + [UInt8(ascii: ".")]
        let digits = cost < 10 ? "0\(cost)" : "\(cost)"
        return Secret(Array("$2b$\(digits)$".utf8) + salt + letters.suffix(31))
    }

    private static func argon2id(cost: Argon2id.Cost, randomness: Randomness) -> Secret {
        let alphabet = Array("+/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        // Of 16 and 32 bytes in base64 without padding: the last letters hold four bits too few, which have to be zero.
        func letters(_ count: Int) -> String {
            String(decoding: randomness.bytes(count - 1).map { alphabet[Int($0 & 63)] } + [UInt8(ascii: "A")], as: UTF8.self)
        }
        let costs = "m=\(cost.memory),t=\(cost.iterations),p=\(cost.parallelism)"
        return Secret(utf8: "$argon2id$v=19$\(costs)$\(letters(22))$\(letters(43))")
    }
}
