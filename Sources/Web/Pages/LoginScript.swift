extension Assets {
    /// When somebody signs in or out in another tab, a cookie that scripts may read changes: then the page asks once more, with the
    /// request that it was shown for, and goes on if that suffices. Not while somebody types: what is in the fields would be lost.
    static let loginScriptText = """
        "use strict";
        (() => {
          const form = document.querySelector("form");
          const request = form && form.querySelector("input[name=request]");
          if (!request) { return; }
          const state = () => (document.cookie.match(/(?:^|; )gatehouse_sso_state=([^;]*)/) || [])[1];
          const before = state();
          const look = () => {
            const password = form.querySelector("input[type=password]");
            if (state() === before || (password && password.value)) { return; }
            clearInterval(timer);
            location.replace(form.action + "?request=" + encodeURIComponent(request.value));
          };
          const timer = setInterval(look, 1000);
          document.addEventListener("visibilitychange", look);
          window.addEventListener("pageshow", look);
        })();

        """
}
