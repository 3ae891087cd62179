/// A connection to a server, of a library whose calls block.
///
/// One thread at a time has it: the pool hands it out, and takes it back.
package protocol BlockingConnection: AnyObject, Sendable {
    /// Whether another call may use it. Asks nobody: `false` where it is in the midst of something, or the server has closed it.
    var isUsable: Bool { get }
}

/// The server cannot be reached, did not answer in time, or has hung up: the connection is good for nothing any more. What was to
/// be written may have been, unless the caller knows better.
package struct ConnectionFailure: Error {
    /// For the log: no user data, and no password.
    package let detail: String

    /// Whether another try may go well, with the same settings.
    package let mayPass: Bool

    package init(detail: String, mayPass: Bool = true) {
        self.detail = detail
        self.mayPass = mayPass
    }
}
