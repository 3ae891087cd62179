package import JOSE
import OpenIDConnect
import Web

/// What a device shows to its user, and asks with until they are done (RFC 8628 §3.2).
package struct DeviceAuthorization: Sendable {
    /// Known to the device alone.
    package let deviceCode: Secret
    /// For the user to type, at `verificationURI`.
    package let userCode: String
    package let verificationURI: String
    /// With the user code in it, where the provider has such a page.
    package let completeVerificationURI: String?
    /// Seconds until the codes are worth nothing.
    package let expiresIn: Int64
    /// Seconds between two questions.
    package let interval: Int64

    init?(json: JSONValue) {
        guard let members = json.object, let deviceCode = members["device_code"]?.string, !deviceCode.isEmpty,
            let userCode = members["user_code"]?.string, Self.isPrintable(userCode),
            let page = members["verification_uri"]?.string, EndpointURL(page) != nil
        else { return nil }
        self.deviceCode = Secret(utf8: deviceCode)
        self.userCode = userCode
        verificationURI = page
        completeVerificationURI = members["verification_uri_complete"]?.string.flatMap { EndpointURL($0) == nil ? nil : $0 }
        expiresIn = min(max(members["expires_in"]?.integer ?? 600, 1), 3600)
        interval = min(max(members["interval"]?.integer ?? 5, 1), 60)
    }

    private static func isPrintable(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}

/// What the provider says while the user has not finished, or has (RFC 8628 §3.5).
package enum DeviceOutcome: Sendable {
    case pending
    /// Ask less often: 5 seconds more from now on.
    case slowDown
    case finished(SignInOutcome)
}

extension RelyingParty {
    /// Asks for the codes of a device (RFC 8628 §3.1); `nil` where the provider has no such endpoint.
    package func deviceAuthorization() async throws(UpstreamFailure) -> DeviceAuthorization? {
        let metadata = try await directory.metadata()
        guard let endpoint = metadata.deviceAuthorizationEndpoint else { return nil }
        let form = [(name: "client_id", value: client.clientID), (name: "scope", value: client.scopes.text)]
        let response = try await post(form, to: endpoint, alias: "device_authorization_endpoint", metadata: metadata)
        guard response.status == 200 else {
            throw UpstreamFailure(.status(response.status), "from the device authorization endpoint")
        }
        guard let device = (try? JSONReader.read(response.body)).flatMap(DeviceAuthorization.init(json:)) else {
            throw UpstreamFailure(.malformed, "the device authorization response is not one of RFC 8628 §3.2")
        }
        return device
    }

    /// Asks once whether the user has finished.
    package func signIn(_ device: DeviceAuthorization) async -> DeviceOutcome {
        do throws(UpstreamFailure) {
            switch try await tokens(for: .deviceCode(device.deviceCode)) {
            case .refused(let refusal) where refusal.code == "authorization_pending": return .pending
            case .refused(let refusal) where refusal.code == "slow_down": return .slowDown
            case .refused(let refusal): return .finished(.refused(.provider(refusal)))
            case .granted(let tokens):
                let expected = try await expectation(nonce: .any, accessToken: tokens.accessToken)
                return .finished(try await admission(of: tokens, expected: expected))
            }
        } catch {
            // The user may be at it still: a provider that is away for a moment ends nothing (§3.5).
            return error.isRetryable ? .slowDown : .finished(.failed(error))
        }
    }
}
