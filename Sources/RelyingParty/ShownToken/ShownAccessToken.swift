package import Accounts
package import JOSE
import OpenIDConnect
import Web

/// How it is found out for whom an access token was issued that somebody shows.
package enum TokenAudienceSource: Sendable {
    /// By the token, where it is a JWT that the provider has signed (RFC 9068 §4); by the provider's introspection endpoint (RFC 7662)
    /// where it is not.
    case provider
    /// By an endpoint that tells `aud` of access tokens: Google's.
    case tokenInfo(url: String)
    /// Not at all: the operator takes tokens of every client of the provider's.
    case nobody
}

/// What comes of an access token that somebody shows.
package enum ShownAccessTokenOutcome: Sendable {
    case person(Identity)
    case refused(AccessTokenRefusal)
    case failed(UpstreamFailure)
}

extension RelyingParty {
    /// The person of an access token that somebody else has got, and shows us (RFC 8693 §2.1). Whose it is the userinfo endpoint says,
    /// which takes no token that was revoked. It does not say to whom the token was given: that is found out before.
    package func person(
        ofAccessToken token: Secret, audience source: TokenAudienceSource
    ) async -> ShownAccessTokenOutcome {
        guard (1...Self.maximumTokenBytes).contains(token.bytes.count), token.bytes.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return .refused(.form) }
        do throws(UpstreamFailure) {
            let metadata = try await directory.metadata()
            guard let endpoint = metadata.userinfoEndpoint else { return .refused(.noUserinfo) }
            let subject: String?
            switch try await facts(ofAccessToken: token, source, metadata) {
            case .notAsked: subject = nil
            case .unknown: return .refused(.unknown)
            case .inactive: return .refused(.inactive)
            case .known(let facts):
                if let refusal = AccessTokenChecks.refusal(of: facts) { return .refused(refusal) }
                subject = facts.claims["sub"]?.string
            }
            let place = client.endpoint(endpoint, alias: "userinfo_endpoint", metadata: metadata)
            switch try await Userinfo.fetch(from: place, accessToken: token, subject: subject, over: exchange, proofs: nil) {
            case .refused(let refusal): return .refused(.init(check: "userinfo", reason: refusal.rawValue))
            case .claims(let claims):
                let person = Identity(
                    issuer: client.issuer, subject: claims["sub"]?.string ?? "", claims: claims.aboutThePerson)
                return .person(try await mapped(person, accessToken: token))
            }
        } catch { return .failed(error) }
    }

    private static let maximumTokenBytes = 16 * 1024

    private enum Knowledge {
        case known(AccessTokenFacts)
        case notAsked
        case inactive
        case unknown
    }

    private func facts(
        ofAccessToken token: Secret, _ source: TokenAudienceSource, _ metadata: ProviderMetadata
    ) async throws(UpstreamFailure) -> Knowledge {
        switch source {
        case .nobody: return .notAsked
        case .tokenInfo(let url): return try await tokenInfo(token, at: url)
        case .provider:
            if let signed = try? JSONWebSignature(compact: token.text), try await isSigned(signed) {
                return .known(facts(signed.claims, isSelfContained: true, type: signed.type))
            }
            return try await introspection(of: token, metadata)
        }
    }

    private func facts(_ claims: JSONObject, isSelfContained: Bool, type: String? = nil) -> AccessTokenFacts {
        AccessTokenFacts(
            claims: claims, isSelfContained: isSelfContained, type: type, issuer: client.issuer, clientID: client.clientID,
            clockSkew: client.clockSkew, now: clock.now)
    }

    private func isSigned(_ token: JSONWebSignature) async throws(UpstreamFailure) -> Bool {
        guard let algorithm = token.algorithmName.flatMap(SignatureAlgorithm.init(rawValue:)),
            client.algorithms.contains(algorithm), let key = try await directory.key(id: token.keyID, algorithm: algorithm)
        else { return false }
        return token.isSigned(by: key, algorithm: algorithm)
    }

    private func introspection(of token: Secret, _ metadata: ProviderMetadata) async throws(UpstreamFailure) -> Knowledge {
        guard let endpoint = metadata.introspectionEndpoint else { return .unknown }
        let form = [(name: "token", value: token.text), (name: "token_type_hint", value: "access_token")]
        let response = try await post(form, to: endpoint, alias: "introspection_endpoint", metadata: metadata)
        guard response.status == 200 else {
            throw UpstreamFailure(.status(response.status), "from the introspection endpoint")
        }
        guard let members = (try? JSONReader.read(response.body))?.object, let isActive = members["active"]?.bool else {
            throw UpstreamFailure(.malformed, "the introspection response is not one of RFC 7662 §2.2")
        }
        return isActive ? .known(facts(members, isSelfContained: false)) : .inactive
    }

    /// In a form, so that the token is in no URL.
    private func tokenInfo(_ token: Secret, at url: String) async throws(UpstreamFailure) -> Knowledge {
        let request = ProviderRequest(
            method: .post, url: url,
            headers: ["content-type": "application/x-www-form-urlencoded", "accept": "application/json"],
            body: Array(QueryString([("access_token", token.text)]).encoded.utf8))
        let response = try await exchange.exchange(request)
        switch response.status {
        case 200:
            guard let members = (try? JSONReader.read(response.body))?.object else {
                throw UpstreamFailure(.malformed, "what is told of the token is no JSON object")
            }
            return .known(facts(members, isSelfContained: false))
        case 400, 401: return .inactive
        default: throw UpstreamFailure(.status(response.status), "from the endpoint that tells of tokens")
        }
    }
}

extension AccessTokenRefusal {
    fileprivate static let form = AccessTokenRefusal(check: "form", reason: "empty, too long, or fits no header")
    fileprivate static let noUserinfo = AccessTokenRefusal(check: "userinfo", reason: "the provider has no such endpoint")
    fileprivate static let inactive = AccessTokenRefusal(check: "active", reason: "the provider says that it is not valid")
    fileprivate static let unknown = AccessTokenRefusal(
        check: "client", reason: "neither the token nor the provider says for whom it was issued")
}
