package import AuthService
import ServiceLifecycle

/// Runs the slow lane until the graceful shutdown. It has to stand before the listeners in the service group, which stops its
/// services last to first: checks in flight still get their answer, and what is left then has nobody waiting for it.
package struct SlowLaneService: Service {
    private let lane: SlowLane

    package init(_ lane: SlowLane) {
        self.lane = lane
    }

    package func run() async {
        await withTaskCancellationOrGracefulShutdownHandler {
            await cancelWhenGracefulShutdown { await lane.run() }
        } onCancelOrGracefulShutdown: {
            lane.close()
        }
    }
}
