import JOSE
import OpenIDConnect
import Web

/// What a device is told that asks for its tokens (RFC 8628 §3.5).
struct DevicePolling {
    let issuer: Issuer
    let now: UnixTime

    enum Answer: Sendable {
        case grant(GrantRecord)
        case refused(TokenRefusal)
    }

    private static let maximumInterval: Int64 = 60

    /// Refuses a device that asks too often, and notes when it asked.
    func tooFast(_ device: DeviceRecord) async throws(ProviderStoreFailure) -> TokenRefusal? {
        let isEarly = device.askedAt.map { (0..<device.interval).contains(now.since($0)) } ?? false
        var next = device.moved(to: device.state)
        if isEarly {
            guard device.interval < Self.maximumInterval else { return .wait(.slowDown, "ask less often") }
            next.interval = min(device.interval + 5, Self.maximumInterval)
        } else {
            next.askedAt = now
        }
        // Whoever asks twice at the same instant asks too often; whoever loses against the user's answer asks again.
        let isNoted = try await issuer.transients.replace(next)
        return isEarly || !isNoted ? .wait(.slowDown, "ask less often") : nil
    }

    /// What the user has answered. The device code is good for one grant.
    func answer(_ device: DeviceRecord) async throws(ProviderStoreFailure) -> Answer {
        switch device.state {
        case .pending: return .refused(.wait(.authorizationPending, "the user has not answered yet"))
        case .denied: return .refused(.init(.accessDenied, "the user has said no"))
        case .used: return .refused(.grant("the device code has been used"))
        case .approved(let id):
            guard let grant = try await issuer.store.grant(id: id) else { return .refused(.grant("the sign-in has ended")) }
            return try await use(device) ? .grant(grant) : .refused(.grant("the device code has been used"))
        }
    }

    /// Of several questions at once one gets the grant. Another that came too early moves the version on, too: that one is overtaken
    /// and tries again.
    private func use(_ device: DeviceRecord) async throws(ProviderStoreFailure) -> Bool {
        for _ in 0..<5 {
            guard let stored = try await issuer.transients.device(device.key), case .approved = stored.state else { return false }
            if try await issuer.transients.replace(stored.moved(to: .used)) { return true }
        }
        return false
    }
}
