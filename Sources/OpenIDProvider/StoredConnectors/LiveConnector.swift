package import JOSE

/// A connector of the store as this process uses it. It has connections, and so is one thing and no value.
package final class LiveConnector: Sendable {
    package let connector: any Connector
    /// `nil`: as groups and the provider say.
    package let secondFactor: SecondFactorRule?
    /// Ends the connections that it has of its own. Called once, some time after the last sign-in has got hold of it.
    package let close: @Sendable () async -> Void

    package init(
        _ connector: any Connector, secondFactor: SecondFactorRule?, close: @escaping @Sendable () async -> Void = {}
    ) {
        self.connector = connector
        self.secondFactor = secondFactor
        self.close = close
    }
}

/// What makes connectors of what the store says of them.
package typealias ConnectorMaker = @Sendable (_ id: String, _ members: JSONObject) throws(UnusableConnector) -> LiveConnector

/// Why a connector cannot be used here, in words for administrators.
package struct UnusableConnector: Error, Sendable {
    package let reason: String

    package init(_ reason: String) { self.reason = reason }
}

/// What becomes of whoever signed in through a connector.
enum ConnectorStanding {
    case usable(any Connector)
    /// It is there, and cannot be used here and now: that ends nothing.
    case unusable
    /// Nobody has anything to go on with.
    case deleted
    case none
}
