import Accounts
import AuthService
import JOSE
import OpenIDConnect
import RelyingParty
import Settings

extension ProviderClient {
    /// - Parameter dpopKey: for providers whose tokens are bound to it.
    init(_ settings: IdentityProviderSettings, issuer: String, secret: Secret?, dpopKey: SigningKey?) {
        self.init(
            id: settings.id, issuer: issuer, clientID: settings.clientID, clientSecret: secret,
            authenticationMethod: ClientAuthenticationMethod(settings.tokenEndpointAuth, hasSecret: secret != nil),
            scopes: Scope(settings.scopes), clockSkew: settings.clockSkew, usesUserinfo: settings.usesUserinfo,
            algorithms: settings.algorithms)
        addresses = ProviderAddresses(settings.addresses)
        clientKey = settings.clientKey.map { ClientKey(key: $0, id: settings.clientKeyID) }
        self.dpopKey = settings.dpop ? dpopKey : nil
        authorization = AuthorizationOptions(settings.request)
        requiresResponseIssuer = settings.requiresIssuerParameter
        claims = ClaimMapping(settings.claims)
        groupOverage = settings.claims.groupOverage.map { overage in
            GroupOverage(
                graphURL: overage.graphURL?.text ?? GroupOverage.publicGraph,
                naming: overage.naming == .id ? .id : .displayName)
        }
    }
}

extension ClientAuthenticationMethod {
    init(_ settings: IdentityProviderSettings.TokenEndpointAuth, hasSecret: Bool) {
        self =
            switch settings {
            // The embedded provider's public clients have no secret, whatever the entry says.
            case .clientSecretBasic: hasSecret ? .clientSecretBasic : .none
            case .clientSecretPost: hasSecret ? .clientSecretPost : .none
            case .clientSecretJWT: hasSecret ? .clientSecretJWT : .none
            case .privateKeyJWT: .privateKeyJWT
            case .tlsClientAuth: .tlsClientAuth
            case .none: .none
            }
    }
}

extension AuthorizationOptions {
    fileprivate init(_ settings: AuthorizationRequestSettings) {
        self.init()
        responseMode = settings.responseMode == .formPost ? .formPost : .query
        prompt = settings.prompt?.rawValue
        maxAge = settings.maxAge
        acrValues = settings.acrValues
        uiLocales = settings.uiLocales
        audience = settings.audience
        resources = settings.resources
        furtherParameters = settings.parameters.map { (name: $0.name, value: $0.text) }
        pushing =
            switch settings.pushing {
            case .auto: .automatic
            case .always: .always
            case .never: .never
            }
        isSigned = settings.isSigned
    }
}

extension ClaimMapping {
    fileprivate init(_ settings: ClaimSettings) {
        self.init()
        user = settings.user.map { ClaimPath($0) }
        email = settings.email.map { ClaimPath($0) }
        emailVerification = settings.emailVerification == .assumed ? .assumed : .required
        name = settings.name.map { ClaimPath($0) }
        preferredUsername = settings.preferredUsername.map { ClaimPath($0) }
        groups = settings.groups.map { ClaimPath($0) }
        transforms = settings.transforms.map(ClaimTransform.init)
    }
}

extension ClaimTransform {
    fileprivate init(_ settings: ClaimSettings.Transform) {
        var steps: [Step] = []
        if let match = settings.match,
            let replacement = TextReplacement(pattern: match, replacement: settings.replacement ?? "$0")
        {
            steps.append(.replace(replacement, keepsOthers: settings.keepsOthers))
        }
        if let prefix = settings.removePrefix { steps.append(.removePrefix(prefix)) }
        if let suffix = settings.removeSuffix { steps.append(.removeSuffix(suffix)) }
        if settings.lowerCase { steps.append(.lowerCase) }
        if let prefix = settings.addPrefix { steps.append(.addPrefix(prefix)) }
        if let suffix = settings.addSuffix { steps.append(.addSuffix(suffix)) }
        self.init(claim: settings.claim, steps: steps)
    }
}

extension SignInAdmission {
    init(_ settings: AdmissionSettings) {
        self.init(
            users: settings.users.map(AuthService.UserPattern.init), groups: Set(settings.groups),
            emails: settings.emailsFile.map { EmailFile(path: $0) })
    }
}
