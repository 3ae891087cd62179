import FoundationEssentials
import JOSE
import OpenIDConnect
import Web

/// What a token request carries so that the provider knows its client (RFC 6749 §2.3.1).
struct ClientAuthentication {
    /// The `Authorization` header's value.
    let authorization: String?
    /// Parameters of the body.
    let parameters: [(name: String, value: String)]

    init(client: ProviderClient, metadata: ProviderMetadata) {
        let identifier = (name: "client_id", value: client.clientID)
        switch (Self.method(of: client, metadata: metadata), client.clientSecret) {
        case (.clientSecretBasic, let secret?):
            authorization = Self.basic(user: client.clientID, password: secret)
            parameters = []
        case (.clientSecretPost, let secret?):
            authorization = nil
            parameters = [identifier, (name: "client_secret", value: secret.text)]
        case (.none, _), (_, nil):
            authorization = nil
            parameters = [identifier]
        }
    }

    private static func method(of client: ProviderClient, metadata: ProviderMetadata) -> ClientAuthenticationMethod {
        if let method = client.authenticationMethod { return method }
        guard client.clientSecret != nil else { return .none }
        let offered = metadata.tokenEndpointAuthMethods.compactMap(ClientAuthenticationMethod.init(rawValue:))
        return offered.contains(.clientSecretPost) && !offered.contains(.clientSecretBasic)
            ? .clientSecretPost : .clientSecretBasic
    }

    /// Both parts are form-encoded first, so that a `:` in them stays theirs.
    private static func basic(user: String, password: Secret) -> String {
        let credentials = PercentEncoding.encode(user) + ":" + PercentEncoding.encode(password.text)
        return "Basic " + Data(credentials.utf8).base64EncodedString()
    }
}
