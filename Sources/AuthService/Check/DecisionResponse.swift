package import Web

extension Decision {
    /// The decision as the response that the client gets; `nil` where the application is to answer.
    package var response: WebResponse? {
        switch self {
        case .accept: return nil
        case .reject(let rejection): return rejection.response
        case .respond(let page): return page.response
        case .redirect(let redirection):
            var response = WebResponse(
                status: redirection.status, headers: ["location": redirection.location, "cache-control": "no-store"])
            for cookie in redirection.cookies { response.headers.add("set-cookie", cookie) }
            return response
        }
    }
}
