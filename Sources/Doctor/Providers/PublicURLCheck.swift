import RelyingParty
import Settings
import JOSE
import Web

/// Whether the gateway asks Gatehouse: it answers where our own endpoints are.
enum PublicURLCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] {
        seen.publicURLs.map { finding($0.url.origin, $0.answer) }
    }

    static func finding(_ origin: String, _ fetched: Fetched) -> Finding {
        let subject = "public URL \(origin)"
        switch fetched {
        case .failed(let failure):
            return .warning(
                subject, "nobody answers there now: \(failure.detail)",
                mend: "ask again while Gatehouse and the gateway run")
        case .response(let response, _, _):
            let isOurs = response.status == 401 && (try? JSONReader.read(response.body))?.object?["error"] != nil
            guard isOurs else {
                return .failure(
                    subject, "the gateway answers \(response.status) where Gatehouse's own endpoints are",
                    mend: "have the gateway ask Gatehouse about every request (`gatehouse manifests`)")
            }
            return .ok(subject, "the gateway asks Gatehouse")
        }
    }
}
