/// Tries one server of a directory as the first sign-in would, without anybody signing in.
package struct DirectoryTrial: Sendable {
    package enum Outcome: Sendable, Equatable {
        /// No connection, or no TLS on it.
        case unreachable(detail: String)
        /// The service account is not let in.
        case refused(detail: String)
        /// The entry that a search begins at is not there, or not shown.
        case noBase(dn: String, ofGroups: Bool)
        case searchFails(detail: String, ofGroups: Bool)
        /// The filter finds nothing there.
        case nothing(dn: String, ofGroups: Bool)
        case good
    }

    private let configuration: LDAPConfiguration

    package init(_ configuration: LDAPConfiguration) { self.configuration = configuration }

    /// Blocks, for as long as the time-outs of a connection allow.
    /// - Parameter host: one of the configuration's.
    package func run(_ host: String) -> Outcome {
        let connection: LDAPConnection
        do throws(LDAPFailure) {
            connection = try LDAPConnection(to: host, configuration, until: LDAPDeadline(in: configuration.limits.signIn))
            if case .refused(let reason) = try connection.bindAsAccount(configuration) { return .refused(detail: reason) }
        } catch { return .unreachable(detail: error.detail) }
        let users = configuration.userSearch
        let user = search(users.baseDN, users.scope, users.filter, connection, ofGroups: false)
        guard user == .good, let groups = configuration.groupSearch else { return user }
        return search(groups.baseDN, groups.scope, groups.filter, connection, ofGroups: true)
    }

    private func search(
        _ dn: String, _ scope: LDAPConfiguration.Scope, _ filter: String?, _ connection: LDAPConnection, ofGroups: Bool
    ) -> Outcome {
        do throws(LDAPFailure) {
            guard try !connection.search(.presence(of: dn)).isEmpty else { return .noBase(dn: dn, ofGroups: ofGroups) }
            let found = LDAPSearch.presence(below: dn, scope, filter ?? LDAPSearch.everything)
            return try connection.search(found).isEmpty ? .nothing(dn: dn, ofGroups: ofGroups) : .good
        } catch {
            return error.isTransient || connection.deadline.isOver
                ? .unreachable(detail: error.detail) : .searchFails(detail: error.detail, ofGroups: ofGroups)
        }
    }
}
