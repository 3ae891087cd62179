package import JOSE
import OpenIDProvider
package import RelyingParty
import Web

/// The groups of one person in Google Workspace, which its directory tells to service accounts only: the options of Dex's
/// connector, under its names.
package struct GoogleGroups: Sendable {
    /// Whom the service account stands for: an administrator of each domain; `*`: of every other.
    package struct Administrator: Sendable {
        let domain: String
        let email: String

        package init(domain: String, email: String) {
            self.domain = domain
            self.email = email
        }
    }

    private let administrators: [Administrator]
    /// Whoever is in none of them is not taken, and only they are told; empty: everybody is, and all are.
    private let groups: [String]
    /// Whether groups of groups count.
    private let isTransitive: Bool
    private let tokens: GoogleTokens
    private let exchange: any ProviderExchange
    private let clock: WallClock

    private static let api = "https://admin.googleapis.com/admin/directory/v1/groups"
    /// As many as Google gives.
    private static let pageSize = 200
    private static let maximumPages = 50
    /// Groups that are asked about at most: a person in more gets an error, not half of them.
    private static let maximumQuestions = 200

    package init(
        administrators: [Administrator], groups: [String], isTransitive: Bool, account: GoogleServiceAccount,
        exchange: any ProviderExchange, clock: WallClock
    ) {
        self.administrators = administrators
        self.groups = groups
        self.isTransitive = isTransitive
        tokens = GoogleTokens(account: account, exchange: exchange, clock: clock)
        self.exchange = exchange
        self.clock = clock
    }

    /// Throws where the person is in none of those that are asked for.
    func names(of email: String) async throws(APITrouble) -> [String] {
        let all = try await memberships(of: email)
        guard !groups.isEmpty else { return all }
        let counting = all.filter { group in groups.contains { sameBytes($0.lowercased(), group.lowercased()) } }
        guard !counting.isEmpty else { throw .refused(UpstreamRefusal(.notAdmitted, "in none of the groups")) }
        return counting
    }

    private func memberships(of email: String) async throws(APITrouble) -> [String] {
        guard let admin = administrator(for: email) else {
            throw .notUnderstood("domainToAdminEmail names nobody for the person's domain")
        }
        var names = try await direct(of: email, as: admin)
        guard isTransitive else { return names }
        var seen = Set(names.map { $0.lowercased() })
        var next = 0
        // Groups that contain each other are asked about once.
        while next < names.count {
            guard next < Self.maximumQuestions else {
                throw .notUnderstood("more than \(Self.maximumQuestions) groups in groups")
            }
            for group in try await parents(of: names[next], admin) where seen.insert(group.lowercased()).inserted {
                names.append(group)
            }
            next += 1
        }
        return names
    }

    /// Of a group of another customer's nothing more is known.
    private func parents(of group: String, _ admin: String) async throws(APITrouble) -> [String] {
        do throws(APITrouble) { return try await direct(of: group, as: administrator(for: group) ?? admin) } catch {
            if case .hidden = error { return [] }
            throw error
        }
    }

    private func direct(of member: String, as admin: String) async throws(APITrouble) -> [String] {
        do throws(APITrouble) { return try await pages(of: member, as: admin) } catch {
            // Nobody of this name is in the directory.
            if case .hidden(status: 404) = error { return [] }
            throw error
        }
    }

    /// With the token at hand, and where that is refused once more with another.
    private func pages(of member: String, as admin: String) async throws(APITrouble) -> [String] {
        let token = try await tokens.token(as: admin)
        do throws(APITrouble) { return try await pages(of: member, with: token) } catch {
            guard case .tokenRefused = error else { throw error }
        }
        await tokens.forget(token, of: admin)
        return try await pages(of: member, with: try await tokens.token(as: admin))
    }

    private func pages(of member: String, with token: Secret) async throws(APITrouble) -> [String] {
        let api = UpstreamAPI(exchange: exchange, accessToken: token, clock: clock)
        var names: [String] = []
        var page: String?
        for _ in 0..<Self.maximumPages {
            var query = QueryString([("userKey", member), ("maxResults", String(Self.pageSize))])
            query.add("pageToken", page)
            guard let answer = try await api.get(query.appending(to: Self.api)).json.object else {
                throw .notUnderstood("a list was expected")
            }
            // There is no member of this name where somebody is in no group.
            names += (answer["groups"]?.array ?? []).compactMap { $0.object?["email"]?.string }
            page = answer["nextPageToken"]?.string
            if page == nil { return names }
        }
        throw .notUnderstood("more than \(Self.maximumPages) pages")
    }

    private func administrator(for email: String) -> String? {
        let domain = email.utf8.lastIndex(of: UInt8(ascii: "@")).map { String(email[email.utf8.index(after: $0)...]) } ?? ""
        let own = administrators.first { sameBytes($0.domain.lowercased(), domain.lowercased()) }
        return (own ?? administrators.first { sameBytes($0.domain, "*") })?.email
    }
}
