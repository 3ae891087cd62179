/// How often strangers may try at the endpoints that write a row, or take a code that could be guessed.
struct DeviceBounds: Sendable {
    /// Requests of devices, and pushed ones of public clients, a minute.
    let requests = AttemptBound(perNetwork: 60, inAll: 1200)
    /// Entered user codes a minute (RFC 8628 §5.1): with 34 bits, and as many as can wait, a guess takes years.
    let userCodes = AttemptBound(perNetwork: 20, inAll: 300)
}
