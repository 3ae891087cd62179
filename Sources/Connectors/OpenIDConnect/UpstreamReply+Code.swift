import JOSE
import OpenIDProvider
import RelyingParty
import Web

extension UpstreamReply {
    /// What an authorization server has sent the browser back with (RFC 6749 §4.1.2).
    enum Code {
        case code(Secret)
        case refused(UpstreamRefusal)
    }

    var code: Code {
        if let error = fields.first("error") {
            let refusal = ProviderRefusal(code: error, description: fields.first("error_description"))
            return .refused(UpstreamRefusal(.denied, "the upstream says \(refusal.code)"))
        }
        guard let code = fields.first("code"), (1...8192).contains(code.utf8.count) else {
            return .refused(UpstreamRefusal(.reply, "there is neither a code nor an error"))
        }
        return .code(Secret(utf8: code))
    }
}

extension UpstreamFailed {
    init(_ failure: UpstreamFailure) {
        let kind =
            switch failure.kind {
            case .unreachable: "no connection"
            case .timeout: "no answer in time"
            case .status(let status): "status \(status)"
            case .tooLarge: "too large"
            case .malformed: "not understood"
            }
        self.init(detail: "\(kind): \(failure.detail)")
    }
}
