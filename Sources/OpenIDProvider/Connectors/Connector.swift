/// Somewhere that knows who people are.
package protocol Connector: Sendable {
    /// Unique; a path segment of letters, digits, `-`, `_`: `/auth/{id}/login`. Part of every subject: never change it.
    var id: String { get }

    /// What people choose it by, where there are several; nil: by signing in with an e-mail address.
    var name: String? { get }

    /// How people prove to it who they are.
    var way: ConnectorWay { get }

    /// Asks the directory or upstream whether it can be used.
    func probe() async -> ConnectorProbe
}

extension Connector {
    package var name: String? { nil }
}

package enum ConnectorWay: Sendable {
    /// By a password, on our login page.
    case password(any PasswordConnector)
    /// Elsewhere: the browser is sent there.
    case upstream(any UpstreamConnector)
}

extension Connector {
    /// Nil where people sign in elsewhere.
    var asPasswordConnector: (any PasswordConnector)? {
        switch way {
        case .password(let connector): connector
        case .upstream: nil
        }
    }

    /// Nil where people sign in here.
    var asUpstream: (any UpstreamConnector)? {
        switch way {
        case .password: nil
        case .upstream(let connector): connector
        }
    }
}
