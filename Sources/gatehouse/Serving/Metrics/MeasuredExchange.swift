import Instruments
import RelyingParty

/// An exchange with a provider that notes how long it takes.
struct MeasuredExchange: ProviderExchange {
    let base: HTTPProviderExchange
    /// Its id in the configuration.
    let provider: String
    let meter: DurationMeter

    func exchange(_ request: ProviderRequest) async throws(UpstreamFailure) -> ProviderResponse {
        let began = ContinuousClock.now
        do throws(UpstreamFailure) {
            let response = try await base.exchange(request)
            meter.note(ContinuousClock.now - began, provider, "\(response.status / 100)xx")
            return response
        } catch {
            meter.note(ContinuousClock.now - began, provider, "failed")
            throw error
        }
    }
}
