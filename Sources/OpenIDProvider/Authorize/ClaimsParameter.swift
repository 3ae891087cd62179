import JOSE

/// The `claims` parameter (OpenID Connect Core §5.5): how and who, by `acr` and `sub` of the ID token, and single claims of the user that we
/// know. `auth_time` is told always. Nothing but `acr` is essential to us: what there is of a user is told, whoever lacks it signs in too.
struct ClaimsParameter: Sendable, Equatable {
    var acrValues: [String]?
    var isACREssential = false
    var subject: String?
    var single = SingleClaims()

    private static let maximumBytes = 4096

    /// `nil` for what is no object of objects.
    init?(_ text: String) {
        guard text.utf8.count <= Self.maximumBytes, let members = (try? JSONReader.read(text.utf8))?.object,
            members.members.allSatisfy({ $0.value.object != nil })
        else { return nil }
        let claims = members["id_token"]?.object
        single = SingleClaims(userinfo: Self.names(members["userinfo"]?.object), idToken: Self.names(claims))
        subject = claims?["sub"]?.object?["value"]?.string
        guard let acr = claims?["acr"]?.object else { return }
        acrValues = acr["values"]?.stringList ?? acr["value"]?.string.map { [$0] }
        isACREssential = (acr["essential"]?.bool ?? false) && acrValues != nil
    }

    private static func names(_ claims: JSONObject?) -> [String] {
        claims?.members.map(\.name).filter { ClaimScope.value(covering: $0) != nil } ?? []
    }
}
