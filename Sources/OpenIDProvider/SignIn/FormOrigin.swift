import Web

/// Whether a form post may come from our own page, by what the browser says of itself.
enum FormOrigin {
    /// Neither `Sec-Fetch-Site` nor `Origin` may name another site, whatever the other says. An `Origin` of `null` says nothing, as
    /// our pages send no referrer and browsers then hide the origin as well. A program that sends neither is left to the cookie.
    static func isOurs(_ request: WebRequest, issuer: String) -> Bool {
        guard let own = Origin(issuer) else { return false }
        return request.headers.all("sec-fetch-site").allSatisfy { sameBytes($0, "same-origin") || sameBytes($0, "none") }
            && request.headers.all("origin").allSatisfy { sameBytes($0, "null") || Origin($0) == own }
    }
}
