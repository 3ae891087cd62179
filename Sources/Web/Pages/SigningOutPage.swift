/// Between a sign-out and where it leads: loads the pages of the clients that have to hear of it in frames that nobody sees, and goes
/// on when all are there, or after some seconds.
package struct SigningOutPage: Sendable {
    /// http or https URLs.
    package var frames: [String]
    /// Where it goes on to; nil: this page is the end.
    package var target: String?
    package var look: PageLook

    /// Browsers without scripts go on so many seconds after everything has been loaded. Where a client does not answer, the link is
    /// there.
    private static let longestWait = 4

    package init(frames: [String], target: String?, look: PageLook) {
        self.frames = frames
        self.target = target
        self.look = look
    }

    package func response() -> WebResponse {
        let texts = look.texts
        var values: [String: Any] = [
            "heading": texts.signedOutHeading, "sentence": texts.signedOutSentence, "frames": frames,
        ]
        values["target"] = target.map { ["url": $0, "label": SessionTexts.of(look.language).goOn] }
        let origins = frames.reduce(into: [FormTarget]()) { origins, url in
            if let origin = FormTarget(url: url), !origins.contains(origin) { origins.append(origin) }
        }
        var response = PageDocument(
            title: texts.signedOutHeading, content: look.template(.signingOut, builtIn: Self.template).render(values), look: look,
            scripts: target == nil ? [] : [Assets.signingOutScript], frames: origins
        ).response(status: 200)
        if let target { response.headers.add("refresh", "\(Self.longestWait); url=\(target)") }
        return response
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        <p class="lead">{{sentence}}</p>
        {{#target}}
        <a class="button" id="go-on" href="{{url}}">{{label}}</a>
        {{/target}}
        {{#frames}}
        <iframe src="{{.}}" title="" referrerpolicy="no-referrer" sandbox="allow-scripts allow-same-origin"></iframe>
        {{/frames}}
        """)
}

extension Assets {
    /// Follows the link as soon as every frame has been loaded, or after four seconds: browsers count those of `refresh` from when
    /// everything has been loaded.
    static let signingOutScriptText = """
        "use strict";
        (() => {
          const link = document.getElementById("go-on");
          if (!link) { return; }
          const goOn = () => location.replace(link.href);
          if (document.readyState === "complete") { return goOn(); }
          setTimeout(goOn, 4000);
          window.addEventListener("load", goOn);
        })();

        """
}
