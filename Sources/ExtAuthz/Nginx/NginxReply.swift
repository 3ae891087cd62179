import AuthService
import Web

/// Writes a decision for nginx's `auth_request`, which knows three answers: 2xx lets the request pass, 401 and 403 do not.
/// Bodies are lost, and of several `Set-Cookie` lines all but one, so that the rest travels in headers of its own:
///
/// - `x-gatehouse-redirect`: on a 401, where the client is to be sent;
/// - `x-gatehouse-status`: on a 403, the status that it stands for, where that is another one;
/// - `x-gatehouse-cookie-1` …: one `Set-Cookie` value each.
enum NginxReply {
    /// How many cookies the written configuration carries.
    static let cookies = 4

    static func cookie(_ index: Int) -> String { "x-gatehouse-cookie-\(index + 1)" }

    static func refuse(_ response: WebResponse) -> WebResponse {
        var headers: HeaderList = ["cache-control": "no-store"]
        add(response.headers.all("set-cookie"), to: &headers)
        switch response.status {
        case 300...399:
            guard let location = response.headers.first("location") else { return refuse(Refusal.internalError.response) }
            headers.add("x-gatehouse-redirect", location)
            return WebResponse(status: 401, headers: headers)
        case 401:
            for challenge in response.headers.all("www-authenticate") { headers.add("www-authenticate", challenge) }
            return WebResponse(status: 401, headers: headers)
        default:
            if response.status != 403 { headers.add("x-gatehouse-status", String(response.status)) }
            return WebResponse(status: 403, headers: headers)
        }
    }

    private static func add(_ values: [String], to headers: inout HeaderList) {
        for (index, value) in values.prefix(cookies).enumerated() { headers.add(cookie(index), value) }
    }
}
