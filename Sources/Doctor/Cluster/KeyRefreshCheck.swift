import JOSE
import Settings

/// Whether gateways fetch keys anew before we sign with new ones.
package enum KeyRefreshCheck {
    private static let variable = "PILOT_JWT_PUB_KEY_REFRESH_INTERVAL"
    /// Istio's own, in seconds.
    private static let usual: Int64 = 20 * 60

    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        guard let ahead = cluster.configuration.provider?.keys.publishAhead,
            !cluster.objects(of: "RequestAuthentication").isEmpty
        else { return [] }
        let istiod = cluster.objects(of: "Deployment").filter { $0.name.hasPrefix("istiod") }
        let values = istiod.flatMap { $0.content.list("spec", "template", "spec", "containers") }.flatMap { $0.list("env") }
            .filter { $0.text("name") == variable }.compactMap { $0.text("value") }
        return [finding(values.first, publishAhead: ahead)]
    }

    package static func finding(_ value: String?, publishAhead ahead: Int64) -> Finding {
        let subject = "istiod"
        let (seconds, text) = (value.map { GoDuration.seconds($0) } ?? usual, value ?? "20m, which it is without")
        guard let seconds else {
            return .warning(subject, "`\(variable)` is \(text.quotedForeign), which is no duration", mend: "write it like `20m`")
        }
        let headStart = Configuration.durationText(ahead)
        guard seconds <= ahead else {
            return .failure(
                subject,
                "`\(variable)` is \(text): gateways go on with old keys for longer than new ones are published ahead (\(headStart)),"
                    + " and refuse good tokens",
                mend: "shorten it, or lengthen `provider.keys.publishAhead`")
        }
        return .ok(subject, "keys are fetched every \(text), and published \(headStart) ahead")
    }
}
