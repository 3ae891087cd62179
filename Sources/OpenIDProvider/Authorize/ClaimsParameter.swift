import JOSE

/// The `claims` parameter (OpenID Connect Core §5.5), as far as it is about how and who: `acr` and `sub` of the ID token. Other
/// claims are told as the scope says, `auth_time` always.
struct ClaimsParameter: Sendable, Equatable {
    var acrValues: [String]?
    var isACREssential = false
    var subject: String?

    private static let maximumBytes = 4096

    /// `nil` for what is no object of objects.
    init?(_ text: String) {
        guard text.utf8.count <= Self.maximumBytes, let members = (try? JSONReader.read(text.utf8))?.object,
            members.members.allSatisfy({ $0.value.object != nil })
        else { return nil }
        let claims = members["id_token"]?.object
        subject = claims?["sub"]?.object?["value"]?.string
        guard let acr = claims?["acr"]?.object else { return }
        acrValues = acr["values"]?.stringList ?? acr["value"]?.string.map { [$0] }
        isACREssential = (acr["essential"]?.bool ?? false) && acrValues != nil
    }
}
