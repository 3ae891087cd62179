import Accounts
import AuthService
import ExtAuthz
import Instruments
import JOSE
import Settings
import Storage

/// All that is counted in this process, and what `/metrics` tells of it. No label holds anything of a request or a person.
struct Metrics: Sendable {
    let checks: CheckMeter
    let store = StoreMeter()
    let upstream = DurationMeter(
        "gatehouse_upstream_duration_seconds", "What providers and issuers were asked for, until their answer.",
        labels: ["provider", "outcome"])
    let audit = AuditMeter(role: "auth-service")

    init(_ configuration: Settings.Configuration) {
        checks = CheckMeter(rules: configuration.authService?.rules.count ?? 0)
    }

    /// In Prometheus' text format.
    func text(sessions: Sessions?, stores: Stores, keys: [SigningKeyPurpose]) async -> String {
        var families = [Self.build] + checks.families + audit.families + (sessions?.families ?? []) + store.families
        families.append(upstream.family)
        families += stores.families() + (stores.resealing?.families ?? [])
        if let state = stores.replicas?.feed.state {
            families.append(
                MetricFamily(
                    "gatehouse_store_feed_follows", .gauge, "Whether the store tells of what other replicas change.",
                    [.init(state == .follows ? 1 : 0)]))
        }
        do throws(StoreFailure) {
            let count = Double(try await stores.countSessions())
            families.append(MetricFamily("gatehouse_sessions", .gauge, "Sessions in the store.", [.init(count)]))
        } catch {
            // The failure is counted, and the figure is not there.
        }
        families.append(await Self.keyAges(keys, stores))
        return MetricsText.write(families + ProcessFigures.families)
    }

    private static var build: MetricFamily {
        MetricFamily("gatehouse_build_info", .gauge, "Always 1.", [.init(1, [("version", VersionCommand.number)])])
    }

    private static func keyAges(_ purposes: [SigningKeyPurpose], _ stores: Stores) async -> MetricFamily {
        var family = MetricFamily("gatehouse_key_age_seconds", .gauge, "How old the newest signing key is.")
        let now = WallClock.system.now
        for purpose in purposes {
            guard let keys = try? await stores.signingKeys.signingKeys(purpose: purpose.rawValue) else { continue }
            let newest = Dictionary(keys.map { ($0.algorithm.rawValue, $0.createdAt) }, uniquingKeysWith: max)
            for (algorithm, createdAt) in newest.sorted(by: { $0.key < $1.key }) {
                let labels = [("purpose", purpose.rawValue), ("algorithm", algorithm)]
                family.samples.append(.init(Double(now.since(createdAt)), labels))
            }
        }
        return family
    }
}

/// What signing keys there are in a configuration.
enum SigningKeyPurpose: String {
    case provider, assertion, dpop

    static func all(in configuration: Settings.Configuration) -> [SigningKeyPurpose] {
        let service = configuration.authService
        return [
            configuration.provider == nil ? nil : .provider, service?.identity.assertion == nil ? nil : .assertion,
            service?.providers.contains(where: \.dpop) == true ? .dpop : nil,
        ].compactMap { $0 }
    }
}
