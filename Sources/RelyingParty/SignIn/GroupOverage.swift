import Accounts
import JOSE
import Web

/// Microsoft's ID tokens name no groups where there are many, only where to ask: the claims `_claim_names` and `hasgroups`. Then
/// Microsoft Graph is asked; never the address in the token.
package struct GroupOverage: Sendable {
    /// What stands for a group.
    package enum Naming: String, Sendable {
        case id
        case displayName
    }

    package static let publicGraph = "https://graph.microsoft.com/v1.0"

    /// Microsoft Graph's root, as `https://graph.microsoft.com/v1.0`.
    package let graphURL: String
    package let naming: Naming

    package init(graphURL: String = GroupOverage.publicGraph, naming: Naming = .id) {
        self.graphURL = ProviderAddresses.withoutSlash(graphURL)
        self.naming = naming
    }

    /// Each page has up to 999 groups.
    private static let maximumPages = 20

    func isNeeded(by identity: Identity) -> Bool {
        guard identity.claims["groups"] == nil else { return false }
        let names = identity.claims["_claim_names"]?.object
        return names?["groups"] != nil || identity.claims["hasgroups"] == true || identity.claims["hasgroups"] == "true"
    }

    /// All groups of whoever the access token is for. Throws where they cannot all be read: half a list could open or close the
    /// wrong door.
    func groups(
        accessToken: Secret, over exchange: any ProviderExchange
    ) async throws(UpstreamFailure) -> [String] {
        var groups: [String] = []
        var next: String? = "\(graphURL)/me/transitiveMemberOf/microsoft.graph.group?$select=id,displayName&$top=999"
        for _ in 0..<Self.maximumPages {
            guard let url = next else { return groups }
            let page = try await page(url, accessToken, exchange)
            groups += page["value"]?.array?.compactMap { $0.object?[naming.rawValue]?.string } ?? []
            next = page["@odata.nextLink"]?.string
            // The token goes nowhere else, whatever a page says.
            if let next, !next.utf8.starts(with: "\(graphURL)/".utf8) {
                throw UpstreamFailure(.malformed, "the next page of groups is at another address")
            }
        }
        throw UpstreamFailure(.tooLarge, "more than \(Self.maximumPages) pages of groups")
    }

    private func page(
        _ url: String, _ accessToken: Secret, _ exchange: any ProviderExchange
    ) async throws(UpstreamFailure) -> JSONObject {
        guard accessToken.bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw UpstreamFailure(.malformed, "the access token fits no header")
        }
        let response = try await exchange.exchange(
            ProviderRequest(
                url: url, headers: ["authorization": "Bearer " + accessToken.text, "accept": "application/json"]))
        guard response.status == 200 else { throw UpstreamFailure(.status(response.status), "asked for the groups") }
        guard let page = (try? JSONReader.read(response.body))?.object else {
            throw UpstreamFailure(.malformed, "the groups are no JSON object")
        }
        return page
    }
}
