extension Assets {
    /// Adds the fragment of the page's address to where each sign-in leads, then follows the only link. Signs that our reading of
    /// targets refuses are written as escapes.
    static let signInScriptText = """
        "use strict";
        (function () {
          var links = document.querySelectorAll(".choices a");
          var fragment = location.hash.slice(1).replace(/#/g, "%23").replace(/\\\\/g, "%5C");
          if (fragment) {
            links.forEach(function (link) {
              var url = new URL(link.href);
              var target = url.searchParams.get("rd");
              if (target && target.indexOf("#") < 0) {
                url.searchParams.set("rd", target + "#" + fragment);
                link.href = url.href;
              }
            });
          }
          if (links.length === 1 && document.querySelector(".choices[data-goes-on]")) { location.replace(links[0].href); }
        })();

        """
}
