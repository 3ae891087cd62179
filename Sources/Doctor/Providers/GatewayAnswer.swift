package import JOSE
import RelyingParty
import Web

/// What came back through a gateway, to one who reads JSON: whether Gatehouse was asked and has refused.
package struct GatewayAnswer: Sendable {
    package var status: Int
    package var location: String?
    /// Members of the body's JSON object; none where it holds none.
    package var members: JSONObject

    package init(status: Int, location: String? = nil, members: JSONObject = JSONObject()) {
        self.status = status
        self.location = location
        self.members = members
    }

    init(_ response: ProviderResponse) {
        self.init(
            status: response.status, location: response.headers.all("location").first,
            members: (try? JSONReader.read(response.body))?.object ?? JSONObject())
    }

    var error: String? { members["error"]?.string }

    /// 401 and 403 as our refusals write them; a gateway that keeps the status alone (nginx) writes the same `error`. Our web
    /// listener answers what it does not know with 404, and a gateway that leads everything to it asks nobody.
    /// - Parameter homes: public URLs with our own path: a redirect to below one, or one that is to end there, begins the sign-in.
    package func isOurRefusal(homes: [String]) -> Bool {
        switch status {
        case 401: error == "login_required" || hasReference
        case 403: error == "access_denied" || hasReference
        case 302, 303: location.map { beginsSignIn($0, homes) } ?? false
        default: false
        }
    }

    private var hasReference: Bool { error != nil && members["reference"]?.string != nil }

    private func beginsSignIn(_ location: String, _ homes: [String]) -> Bool {
        let query = location.split(separator: "?", maxSplits: 1).dropFirst().first
        let end = query.flatMap { FormFields(query: $0) }?.first("redirect_uri")
        return homes.contains { home in
            location.utf8.starts(with: "\(home)/".utf8) || end?.utf8.starts(with: "\(home)/".utf8) ?? false
        }
    }
}
