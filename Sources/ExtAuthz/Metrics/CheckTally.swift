package import AuthService
import Instruments
package import NIOCore

/// What is counted of the checks of one event loop. Only that loop's thread writes to it: no lock, and no reading of the clock for most.
package final class CheckTally: Sendable {
    private let layout: CheckLayout
    private let tallies: Tallies

    init(_ layout: CheckLayout) {
        self.layout = layout
        tallies = Tallies(count: layout.count)
    }

    /// When a check begins, if it is to be timed. A decision out of memory takes less than a few readings of the clock, so of those
    /// that are made at once one in `stride` is timed, and stands for those that follow it.
    package func beginning(of gateway: CheckGateway) -> NIODeadline? {
        tallies[layout.sample(gateway).left] == 0 ? .now() : nil
    }

    private static let stride: UInt64 = 64

    /// A check that was decided at once.
    /// - Parameter began: as `beginning` has said.
    package func note(_ decision: Decision, _ gateway: CheckGateway, since began: NIODeadline?) {
        tallies.add(1, at: layout.decision(CheckOutcomeLabel(decision), decision.source))
        let sample = layout.sample(gateway)
        if let began {
            let duration = Self.nanoseconds(since: began)
            tallies[sample.bucket] = UInt64(DurationBounds.checks.bucket(duration))
            tallies[sample.duration] = duration
            tallies[sample.left] = Self.stride
        }
        if tallies[sample.left] > 0 { tallies[sample.left] &-= 1 }
        add(tallies[sample.duration], bucket: Int(clamping: tallies[sample.bucket]), gateway)
    }

    /// A check that had to wait for something: these are timed one by one.
    /// - Parameter began: when it was here whole, or began to wait.
    package func noteWaited(_ decision: Decision, _ gateway: CheckGateway, since began: NIODeadline) {
        tallies.add(1, at: layout.decision(CheckOutcomeLabel(decision), decision.source))
        let duration = Self.nanoseconds(since: began)
        add(duration, bucket: DurationBounds.checks.bucket(duration), gateway)
    }

    private func add(_ duration: UInt64, bucket: Int, _ gateway: CheckGateway) {
        let histogram = layout.histogram(gateway)
        tallies.add(1, at: histogram + bucket)
        tallies.add(duration, at: histogram + layout.sum)
    }

    private static func nanoseconds(since began: NIODeadline) -> UInt64 {
        UInt64(clamping: (NIODeadline.now() - began).nanoseconds)
    }

    func received(_ bytes: Int, overGRPC: Bool) { tallies.add(UInt64(clamping: bytes), at: layout.received(overGRPC: overGRPC)) }

    func sent(_ bytes: Int, overGRPC: Bool) { tallies.add(UInt64(clamping: bytes), at: layout.sent(overGRPC: overGRPC)) }

    subscript(index: Int) -> UInt64 { tallies[index] }
}

/// Who asks.
package enum CheckGateway: Int, CaseIterable, Sendable {
    case envoyGRPC, envoyHTTP, nginx, traefik, caddy, haproxy

    init(_ dialect: CheckDialect) {
        switch dialect {
        case .envoy: self = .envoyHTTP
        case .nginx: self = .nginx
        case .traefik: self = .traefik
        case .caddy: self = .caddy
        case .haproxy: self = .haproxy
        }
    }

    var label: String {
        switch self {
        case .envoyGRPC: "envoy-grpc"
        case .envoyHTTP: "envoy-http"
        case .nginx: "nginx"
        case .traefik: "traefik"
        case .caddy: "caddy"
        case .haproxy: "haproxy"
        }
    }
}

/// How a check ended.
enum CheckOutcomeLabel: Int, CaseIterable {
    case accepted, redirected, answered, unauthenticated, forbidden, invalid, unavailable

    init(_ decision: Decision) {
        switch decision {
        case .accept: self = .accepted
        case .redirect: self = .redirected
        case .respond: self = .answered
        case .reject(let rejection):
            switch rejection.kind {
            case .unauthenticated: self = .unauthenticated
            case .forbidden: self = .forbidden
            case .invalidRequest: self = .invalid
            case .unavailable: self = .unavailable
            }
        }
    }
}
