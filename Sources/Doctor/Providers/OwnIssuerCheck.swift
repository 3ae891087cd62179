import RelyingParty
import Settings
import JOSE
import OpenIDConnect
import Web

/// Whether others reach our own provider where the file says that it is.
enum OwnIssuerCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] {
        guard let issuer = seen.configuration.provider?.issuer.text, let fetched = seen.ownIssuer else { return [] }
        return [finding(issuer, fetched)]
    }

    static func finding(_ issuer: String, _ fetched: Fetched) -> Finding {
        let subject = "issuer \(issuer)"
        switch fetched {
        case .failed(let failure):
            return .warning(
                subject, "nobody answers there now: \(failure.detail)",
                mend: "ask again while Gatehouse and the gateway run; browsers have to reach it if this machine does not")
        case .response(let response, _, _):
            guard let metadata = fetched.json.flatMap({ ProviderMetadata(json: $0) }) else {
                return .failure(
                    subject, "something else answers there, with \(response.status)",
                    mend: "have the gateway send the issuer's path to `listen.web`")
            }
            guard sameBytes(metadata.issuer, issuer) else {
                let difference = IssuerDifference(expected: issuer, found: metadata.issuer)
                return .failure(
                    subject, "who answers there is \(metadata.issuer.quotedForeign): \(difference.text)",
                    mend: "restart Gatehouse with this file, or correct `issuer` or the gateway's route")
            }
            return .ok(subject, "it is reached there, and calls itself so")
        }
    }
}
