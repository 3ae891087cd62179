import Synchronization
import Web

/// Where the session cookies of a request are to be looked for.
final class CookiePlace: Sendable {
    let cookieName: [UInt8]
    /// As `CookiePolicy.scope`.
    let scope: String

    init(cookieName: String, scope: String) {
        self.cookieName = Array(cookieName.utf8)
        self.scope = scope
    }
}

/// Finds the place of a request by the bytes of its host. The public URLs are there from the start, as each may be spelled;
/// of the hosts that share our cookies those used lately are kept.
final class CookiePlaces: Sendable {
    private struct Table: Sendable {
        private var http = ByteIndex()
        private var https = ByteIndex()
        private var places: [CookiePlace] = []

        var count: Int { places.count }

        func place(_ authority: Span<UInt8>, _ scheme: Origin.Scheme) -> CookiePlace? {
            (scheme == .https ? https : http).number(of: authority).map { places[$0] }
        }

        mutating func set(_ authority: [UInt8], _ scheme: Origin.Scheme, _ place: CookiePlace) {
            if scheme == .https { https.set(authority, places.count) } else { http.set(authority, places.count) }
            places.append(place)
        }
    }

    private let addresses: PublicAddresses
    private let policy: CookiePolicy
    private let known: Table
    private let sharing = Mutex(Table())
    /// Clients choose these names, below the cookie domain.
    private static let maximumSharing = 4096

    init(addresses: PublicAddresses, policy: CookiePolicy) {
        self.addresses = addresses
        self.policy = policy
        var known = Table()
        for origin in addresses.origins {
            for scheme in [Origin.Scheme.http, .https] {
                for authority in Self.spellings(origin) {
                    guard let place = Self.place(scheme, authority, addresses, policy) else { continue }
                    known.set(Array(authority.utf8), scheme, place)
                }
            }
        }
        self.known = known
    }

    /// `nil` on a host that we gave no cookie to: no browser brings one of ours there.
    func place(of message: RequestMessage) -> CookiePlace? {
        let authority = message.bytes.span.extracting(message.authority.range)
        if let place = known.place(authority, message.scheme) { return place }
        return sharingPlace(message)
    }

    private func sharingPlace(_ message: RequestMessage) -> CookiePlace? {
        let authority = Array(message.bytes[message.authority.range])
        return sharing.withLock { table in
            if let place = table.place(authority.span, message.scheme) { return place }
            let text = message.text(message.authority)
            guard let place = Self.place(message.scheme, text, addresses, policy) else { return nil }
            if table.count >= Self.maximumSharing { table = Table() }
            table.set(authority, message.scheme, place)
            return place
        }
    }

    private static func spellings(_ origin: Origin) -> [String] {
        let port = origin.port ?? (origin.scheme == .https ? 443 : 80)
        return origin.port == nil ? [origin.host, "\(origin.host):\(port)"] : ["\(origin.host):\(port)"]
    }

    private static func place(
        _ scheme: Origin.Scheme, _ authority: String, _ addresses: PublicAddresses, _ policy: CookiePolicy
    ) -> CookiePlace? {
        switch addresses.place(scheme: scheme.rawValue, authority: authority) {
        case .foreign: nil
        case .known(let origin), .sharing(let origin, _):
            CookiePlace(cookieName: policy.sessionName(on: origin), scope: policy.scope(on: origin))
        }
    }
}
