package import JOSE
import OpenIDConnect

/// How an exchange of tokens ended.
package enum TokenExchangeOutcome: Sendable {
    case issued(IssuedToken)
    /// The provider, or one of our checks of its reply, says no: asking again changes nothing.
    case refused(TokenExchangeRefusal)
    /// The provider could not be asked.
    case failed(UpstreamFailure)
}

/// A token that an application is given. It has passed `ExchangeCheck.all`, and so can stand in a header.
package struct IssuedToken: Sendable {
    package let token: Secret
    /// Seconds from now, at least 1; `nil` where the provider does not say.
    package let expiresIn: Int64?
}

/// Why there is no token.
package enum TokenExchangeRefusal: Sendable, Equatable {
    case provider(ProviderRefusal)
    case reply(check: String, section: String, reason: String)

    /// For logs and audit events: from our own words and the provider's sanitised error code.
    package var reason: String {
        switch self {
        case .provider(let refusal): "the provider says \(refusal.code)"
        case .reply(let check, let section, let reason): "\(check): \(reason) (\(section))"
        }
    }
}

extension RelyingParty {
    /// Exchanges an access token that this client was given for one that another service takes (RFC 8693 §2.1). The request is
    /// authenticated, proved and sent like every other to the token endpoint.
    package func exchange(accessToken: Secret, for target: ExchangeTarget) async -> TokenExchangeOutcome {
        do throws(UpstreamFailure) {
            let metadata = try await directory.metadata()
            let subject = [
                (name: "grant_type", value: "urn:ietf:params:oauth:grant-type:token-exchange"),
                (name: "subject_token", value: accessToken.text),
                (name: "subject_token_type", value: ExchangeTarget.TokenType.accessToken.rawValue),
            ]
            let response = try await post(
                subject + target.parameters, to: metadata.tokenEndpoint, alias: "token_endpoint", metadata: metadata)
            return try Self.outcome(of: response, target)
        } catch { return .failed(error) }
    }

    private static func outcome(
        of response: ProviderResponse, _ target: ExchangeTarget
    ) throws(UpstreamFailure) -> TokenExchangeOutcome {
        let json = try? JSONReader.read(response.body)
        switch response.status {
        case 200:
            guard let members = json?.object else {
                throw UpstreamFailure(.malformed, "the reply to the token exchange is no JSON object")
            }
            return ExchangeReply(members: members, target: target).outcome
        // Overload and the provider's own faults are no word about the exchange, whatever their body says.
        case 400..<500 where response.status != 429:
            guard let refusal = json.flatMap(ProviderRefusal.init(json:)) else { fallthrough }
            return .refused(.provider(refusal))
        default: throw UpstreamFailure(.status(response.status), "from the token endpoint, to a token exchange")
        }
    }
}
