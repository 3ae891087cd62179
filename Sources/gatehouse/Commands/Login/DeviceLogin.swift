import RelyingParty

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Signs in with a code that is entered in a browser elsewhere (RFC 8628).
struct DeviceLogin {
    let relyingParty: RelyingParty

    func run() async throws(UpstreamFailure) -> SignInOutcome {
        guard let device = try await relyingParty.deviceAuthorization() else {
            throw UpstreamFailure(.malformed, "it has no device_authorization_endpoint; log in without --device")
        }
        print("Open \(device.verificationURI) in a browser and enter the code \(device.userCode)")
        if let complete = device.completeVerificationURI { print("or open \(complete)") }
        // Into a pipe it would come when the command ends, too late for the code.
        fflush(nil)
        return try await poll(device)
    }

    private func poll(_ device: DeviceAuthorization) async throws(UpstreamFailure) -> SignInOutcome {
        var interval = device.interval
        var waited: Int64 = 0
        while waited < device.expiresIn {
            do { try await Task.sleep(for: .seconds(interval)) } catch { break }
            waited += interval
            switch await relyingParty.signIn(device) {
            case .pending: continue
            case .slowDown: interval = min(interval + 5, 60)
            case .finished(let outcome): return outcome
            }
        }
        throw UpstreamFailure(.timeout, "nobody has entered the code in time")
    }
}
