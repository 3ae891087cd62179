import Web

/// The `Set-Cookie` values that give a browser its session, or take it away: one cookie, or several for a long value.
extension AuthServiceParts {
    /// - Parameters:
    ///   - isRemembered: whether the browser keeps it when it is closed.
    ///   - request: what it brings of an older, longer value is removed.
    func sessionCookies(
        _ value: String, isRemembered: Bool, for request: WebRequest, on origin: Origin
    ) -> [String] {
        let maxAge = sessions.cookieLifetime(isRemembered: isRemembered)
        guard sessions.areInCookies else { return [cookies.session(value, on: origin, maxAge: maxAge).headerValue] }
        let name = cookies.sessionName(on: origin)
        let parts = CookieParts.split(value)
        let kept = parts.enumerated().map { index, part in
            cookies.session(part, named: CookieParts.name(name, index), on: origin, maxAge: maxAge).headerValue
        }
        let old = CookieParts.indexes(in: request.headers, name: name).filter { $0 >= parts.count }
        return kept + old.map { gone(CookieParts.name(name, $0), on: origin) }
    }

    func sessionCookiesGone(for request: WebRequest, on origin: Origin) -> [String] {
        let name = cookies.sessionName(on: origin)
        guard sessions.areInCookies else { return [gone(name, on: origin)] }
        let indexes = Set(CookieParts.indexes(in: request.headers, name: name)).union([0])
        return indexes.sorted().map { gone(CookieParts.name(name, $0), on: origin) }
    }

    private func gone(_ name: String, on origin: Origin) -> String {
        cookies.session("", named: name, on: origin, maxAge: 0).deletion.headerValue
    }
}
