/// Wakes whoever sends notices of sign-outs. Rings that nobody waits for count once.
package struct LogoutBell: Sendable {
    package let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() { (rings, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

    package func ring() { continuation.yield() }
}
