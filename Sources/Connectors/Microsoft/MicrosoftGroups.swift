import JOSE
import OpenIDProvider
import Web

/// The groups of one person in Microsoft's directory, those in groups included.
struct MicrosoftGroups {
    let profile: MicrosoftProfile
    let api: UpstreamAPI

    private static let maximumPages = 50
    /// So many ids may be asked about at once.
    private static let chunk = 1000

    /// Throws where the person is in none of those that are asked for.
    func names() async throws(APITrouble) -> [String] {
        let all = try await format(ids())
        let wanted = profile.groups
        let counting = all.filter { group in wanted.contains { sameBytes($0, group) } }
        guard wanted.isEmpty || !counting.isEmpty else {
            throw .refused(UpstreamRefusal(.notAdmitted, "in none of the groups"))
        }
        return profile.useGroupsAsWhitelist && !wanted.isEmpty ? counting : all
    }

    private func ids() async throws(APITrouble) -> [String] {
        let question = JSONObject([("securityEnabledOnly", .bool(profile.onlySecurityGroups))])
        return try await values("\(profile.graphURL)/v1.0/me/getMemberGroups", .object(question)).compactMap(\.string)
    }

    private func format(_ ids: [String]) async throws(APITrouble) -> [String] {
        switch profile.groupNameFormat {
        case .id: return ids
        case .name:
            var names: [String] = []
            for start in stride(from: 0, to: ids.count, by: Self.chunk) {
                let part = Array(ids[start..<min(start + Self.chunk, ids.count)])
                let question: JSONValue = ["ids": .strings(part), "types": ["group"]]
                names += try await values("\(profile.graphURL)/v1.0/directoryObjects/getByIds", question)
                    .compactMap { $0.object?["displayName"]?.string }
            }
            return names
        }
    }

    /// Every value of an answer that comes in pages. The token goes nowhere but to Graph.
    private func values(_ url: String, _ question: JSONValue) async throws(APITrouble) -> [JSONValue] {
        var values: [JSONValue] = []
        var next: String? = url
        for _ in 0..<Self.maximumPages {
            guard let url = next else { return values }
            guard let page = try await api.post(url, question).json.object, let part = page["value"]?.array else {
                throw .notUnderstood("a list was expected")
            }
            values += part
            next = page["@odata.nextLink"]?.string
            if let next, !next.utf8.starts(with: "\(profile.graphURL)/".utf8) {
                throw .notUnderstood("the next page is elsewhere")
            }
        }
        guard next == nil else { throw .notUnderstood("more than \(Self.maximumPages) pages") }
        return values
    }
}
