import JOSE
import OpenIDConnect
import Web

/// A provider's reply that came as a form (Form Post Response Mode), on its way from that POST to the GET that ends the sign-in.
///
/// Browsers send no `SameSite=Lax` cookie with a form of another site, so the POST cannot tell who began the sign-in. It is answered
/// with a redirect to the callback, which the cookie does go with, and what was posted travels in it sealed: the code never stands
/// in an address.
struct PostedReply: Sendable {
    static let purpose = "sign-in-reply"
    /// The name of the callback's only parameter then.
    static let parameter = "reply"
    /// Seconds that the redirect may take.
    private static let life: Int64 = 120
    /// What a URL can carry through every gateway.
    private static let maximumBytes = 5 * 1024

    let query: String

    /// From a form. `nil` where it cannot be read, or is too long.
    init?(_ request: WebRequest) {
        let type = request.headers.first("content-type")?.prefix { $0 != ";" }.lowercased() ?? ""
        guard sameBytes(type.filter { $0 != " " }, "application/x-www-form-urlencoded"),
            let fields = FormFields(body: request.body, maximumBytes: 64 * 1024)
        else { return nil }
        // A name that comes twice is kept twice, for the callback to refuse.
        let kept = fields.fields.filter { ["code", "state", "iss", "error"].contains($0.name) }
        query = QueryString(kept.map { (name: $0.name, value: $0.value) }).encoded
        guard query.utf8.count <= Self.maximumBytes else { return nil }
    }

    var fields: FormFields? { FormFields(query: query) }

    func sealed(with keys: SealingKeys, now: UnixTime) throws -> String {
        let json: JSONValue = ["q": .string(query), "s": .integer(now.seconds)]
        return try keys.seal(json.jsonBytes)
    }

    init?(sealed: String, keys: SealingKeys, now: UnixTime) {
        guard sealed.utf8.count <= 2 * Self.maximumBytes, let bytes = keys.open(sealed),
            let members = (try? JSONReader.read(bytes))?.object, let query = members["q"]?.string,
            let posted = members["s"]?.integer, (0...Self.life).contains(now.since(UnixTime(seconds: posted)))
        else { return nil }
        self.query = query
    }
}
