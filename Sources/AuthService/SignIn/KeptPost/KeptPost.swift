import JOSE
import Web

/// A form that was sent when no session was there any more: sealed, in the hands of the browser that sent it, and stored nowhere.
struct KeptPost: Sendable {
    /// Absolute, of the host that it was sent to.
    let target: String
    /// application/x-www-form-urlencoded.
    let body: [UInt8]
    let keptAt: UnixTime

    static let purpose = "kept-post"
    /// Seconds in which it can be sent again.
    static let life: Int64 = 3600

    func sealed(with keys: SealingKeys) -> String? {
        let json: JSONValue = [
            "t": .string(target), "b": .string(String(decoding: body, as: UTF8.self)), "k": .integer(keptAt.seconds),
        ]
        return Deflation.compress(json.jsonBytes).flatMap { try? keys.seal($0) }
    }
}

extension KeptPost {
    /// `nil` for what was not sealed as one.
    init?(sealed: String, keys: SealingKeys) {
        guard let content = keys.open(sealed).flatMap({ Deflation.expand($0) }),
            let members = (try? JSONReader.read(content))?.object, let target = members["t"]?.string,
            let body = members["b"]?.string, let keptAt = members["k"]?.integer
        else { return nil }
        self.init(target: target, body: Array(body.utf8), keptAt: UnixTime(seconds: keptAt))
    }
}
