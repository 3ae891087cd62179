package import Web

extension Decision {
    /// The decision as the response that the client gets; `nil` where the application is to answer.
    package var response: WebResponse? {
        switch self {
        case .accept: nil
        case .reject(let rejection): rejection.response
        case .redirect(let redirection): redirection.response
        case .respond(let page): page.response
        }
    }
}

extension Redirection {
    package var response: WebResponse {
        var headers: HeaderList = ["location": location, "cache-control": "no-store"]
        for cookie in cookies { headers.add("set-cookie", cookie) }
        return WebResponse(status: status, headers: headers)
    }
}
