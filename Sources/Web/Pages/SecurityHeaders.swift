/// The header fields of every page of ours: nothing runs on it, nothing frames it, nothing keeps it.
package struct SecurityHeaders: Sendable {
    private let formTargets: [FormTarget]
    private let runsOwnScripts: Bool
    private let loadsFonts: Bool
    private let frames: [FormTarget]

    /// - Parameters:
    ///   - formTargets: where the answer to a form on the page may redirect to, beside our own origin.
    ///   - runsOwnScripts: whether files of our own origin run; what stands in the page never does.
    ///   - loadsFonts: whether files of our own origin are fonts.
    ///   - frames: whose pages the page shows in frames.
    package init(
        formTargets: [FormTarget] = [], runsOwnScripts: Bool = false, loadsFonts: Bool = false, frames: [FormTarget] = []
    ) {
        self.formTargets = formTargets
        self.runsOwnScripts = runsOwnScripts
        self.loadsFonts = loadsFonts
        self.frames = frames
    }

    package func add(to headers: inout HeaderList) {
        headers.add("content-security-policy", contentSecurityPolicy)
        headers.add("x-content-type-options", "nosniff")
        headers.add("x-frame-options", "DENY")
        headers.add("referrer-policy", "no-referrer")
        headers.add("cache-control", "no-store")
        headers.add("cross-origin-opener-policy", "same-origin")
        headers.add("cross-origin-resource-policy", "same-origin")
        headers.add("permissions-policy", Self.permissionsPolicy)
    }

    private var contentSecurityPolicy: String {
        let formSources = (["'self'"] + formTargets.map(\.source)).joined(separator: " ")
        let scripts = runsOwnScripts ? "script-src 'self'; " : ""
        let fonts = loadsFonts ? "font-src 'self'; " : ""
        let framed = frames.isEmpty ? "" : "frame-src \(frames.map(\.source).joined(separator: " ")); "
        return "default-src 'none'; \(scripts)\(framed)style-src 'self'; img-src 'self'; \(fonts)form-action \(formSources); "
            + "base-uri 'none'; frame-ancestors 'none'"
    }

    private static let permissionsPolicy = [
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi",
        "payment", "usb",
    ].map { "\($0)=()" }.joined(separator: ", ")
}
