import JOSE

/// What the browser says of a ceremony (WebAuthn §5.8.1): the authenticator signs its digest.
package struct ClientData: Sendable {
    package let type: String
    package let challenge: [UInt8]
    package let origin: String
    /// Whether the page was in a frame of another origin's.
    package let isCrossOrigin: Bool

    package static let maximumBytes = 4096

    /// `nil` for what is no such object. Members that nobody knows yet are allowed, and say nothing.
    package init?(json: [UInt8]) {
        guard let members = (try? JSONReader.read(json, maximumBytes: Self.maximumBytes, maximumDepth: 4))?.object,
            let type = members["type"]?.string, let origin = members["origin"]?.string,
            let challenge = members["challenge"]?.string.flatMap({ Base64URL.decode($0) })
        else { return nil }
        self.type = type
        self.challenge = challenge
        self.origin = origin
        switch members["crossOrigin"] {
        case nil: isCrossOrigin = members["topOrigin"] != nil
        case .bool(let value)?: isCrossOrigin = value || members["topOrigin"] != nil
        default: return nil
        }
    }
}
