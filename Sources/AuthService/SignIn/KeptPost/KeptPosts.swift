import JOSE
import Web

/// Forms that are sent after the session has ended: kept in the browser over the sign-in where the configuration says so, else the
/// page says that they are lost. Never stored here, never sent to another host than before.
struct KeptPosts: Sendable {
    private let parts: AuthServiceParts
    private let refusals: Refusals
    private let keys: SealingKeys

    init(parts: AuthServiceParts, refusals: Refusals) {
        self.parts = parts
        self.refusals = refusals
        keys = parts.sealingKeys.forPurpose(KeptPost.purpose)
    }

    private var ownURL: String { "\(parts.ownPath)/kept" }

    /// The answer to a form of a browser that is not signed in: 401. `nil` for whatever is no such form.
    func answerAnonymous(_ request: WebRequest) -> Decision? {
        // Only what a browser calls a navigation: whatever else posts, and takes HTML, waits for our JSON.
        guard sameBytes(request.method, "POST"), request.headers.first("sec-fetch-mode") == "navigate",
            let here = origin(of: request)
        else { return nil }
        let home = parts.addresses.place(of: request).origin
        guard let kept = kept(request, at: here) else {
            return page(.lost(signIn: parts.signInURL(at: home, target: "\(here)/")), request, status: 401)
        }
        return ask(kept, request, at: here)
    }

    /// The endpoint `kept`. GET is where the sign-in leads back to; POST brings the sealed form and gets it ready to be sent.
    func answer(_ request: WebRequest) async -> Decision {
        guard let here = origin(of: request) else { return refusals.notFound(request) }
        guard sameBytes(request.method, "POST") else { return page(.fetch(action: ownURL), request, status: 200) }
        let fields = FormFields(body: request.body, maximumBytes: Self.maximumForm)
        // Another site must not have a form of its own sent with somebody's session.
        guard isOurs(request, here), let sealed = fields?.first("kept"), let kept = KeptPost(sealed: sealed, keys: keys) else {
            return refused(request, "a kept form came from elsewhere, or is none", here)
        }
        guard (0...KeptPost.life).contains(parts.clock.now.since(kept.keptAt)), Origin(kept.target) == here,
            let values = FormFields(body: kept.body)
        else { return refused(request, "a kept form is too old, or another host's", here) }
        switch await parts.session(of: request) {
        case .none: return ask(sealed, request, at: here)
        case .unavailable(let detail): return refusals.unavailable(request, detail: detail)
        case .live:
            let hidden = values.fields.map { HiddenField(name: $0.name, value: $0.value) }
            return page(.send(action: kept.target, fields: hidden), request, status: 200)
        }
    }

    /// Sealed and escaped, the largest form is half as long again.
    static let maximumForm = 128 * 1024

    private func refused(_ request: WebRequest, _ reason: String, _ here: Origin) -> Decision {
        refusals.signInFailed(request, reason: reason, retry: "\(here)/")
    }

    private func ask(_ kept: String, _ request: WebRequest, at here: Origin) -> Decision {
        let home = parts.addresses.place(of: request).origin
        let signIn = parts.signInURL(at: home, target: "\(here)\(ownURL)")
        return page(.keep(kept: kept, action: ownURL, signIn: signIn), request, status: 401)
    }

    private func page(_ state: KeptPostPage.State, _ request: WebRequest, status: Int) -> Decision {
        var response = KeptPostPage(state, look: parts.look(for: request)).response(status: status)
        // A 401 names a scheme (RFC 9110 §11.6.1); none that would open a browser's own dialog.
        if status == 401 { response.headers.add("www-authenticate", "Bearer realm=\"gatehouse\"") }
        return status == 401
            ? .reject(Rejection(kind: .unauthenticated, response: response)) : .respond(Page(response: response))
    }

    /// `nil` on a host where nobody signs in.
    private func origin(of request: WebRequest) -> Origin? {
        switch parts.addresses.place(of: request) {
        case .known(let origin): origin
        case .sharing(_, let here): here
        case .foreign: nil
        }
    }

    private func kept(_ request: WebRequest, at here: Origin) -> String? {
        // As long as the limit is what a gateway may have cut off there.
        guard isOurs(request, here), isForm(request), !request.body.isEmpty, request.body.count < parts.keptPostBytes,
            FormFields(body: request.body) != nil,
            let target = RedirectTarget(request.target, home: here)
        else { return nil }
        return KeptPost(target: target.url, body: request.body, keptAt: parts.clock.now).sealed(with: keys)
    }

    /// Whether the form came from a page of this very host, as the browser says it.
    private func isOurs(_ request: WebRequest, _ here: Origin) -> Bool {
        let origins = request.headers.all("origin")
        if let site = request.headers.first("sec-fetch-site"), !sameBytes(site, "same-origin") { return false }
        guard let origin = origins.first, origins.count == 1 else { return request.headers.first("sec-fetch-site") != nil }
        // Pages that send no referrer hide their origin, too; then the other header has to speak.
        if sameBytes(origin, "null") { return request.headers.first("sec-fetch-site") != nil }
        return Origin(origin).map { $0 == here || $0.host == here.host && $0.port == here.port } ?? false
    }

    /// A form that came whole: Envoy says so of one that it has cut off.
    private func isForm(_ request: WebRequest) -> Bool {
        let type = request.headers.first("content-type")?.utf8.prefix { $0 != UInt8(ascii: ";") } ?? "".utf8[...]
        let isCut = request.headers.first("x-envoy-auth-partial-body").map { !sameBytes($0, "false") } ?? false
        return !isCut && String(Substring(type)).lowercased().utf8.elementsEqual("application/x-www-form-urlencoded".utf8)
    }
}
