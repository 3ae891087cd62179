extension Assets {
    package static let passkeyScript = Asset(
        stem: "passkey", suffix: "js", contentType: "text/javascript; charset=utf-8", bytes: Array(passkeyScriptText.utf8))

    /// Reads the options from the form, asks the browser, and posts what it says in the form of WebAuthn §5.1's JSON. All texts and
    /// all bytes come from the page; nothing is fetched.
    ///
    /// Where the page has a field for it (`autocomplete="… webauthn"`) and the browser is able to, passkeys are offered among what it
    /// fills in (WebAuthn §5.1.4, conditional mediation). That waits in silence; the button takes its place, and has it back where nothing
    /// came of the button.
    private static let passkeyScriptText = """
        "use strict";
        (() => {
          const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
            .replace(/[+]/g, "-").replace(/[/]/g, "_").replace(/=+$/, "");
          const decode = (text) => Uint8Array.from(
            atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
          const known = (list) => list.map((one) => ({ type: one.type, id: decode(one.id) }));
          const read = (form) => {
            const options = JSON.parse(form.dataset.passkey);
            options.challenge = decode(options.challenge);
            if (options.user) { options.user.id = decode(options.user.id); }
            if (options.allowCredentials) { options.allowCredentials = known(options.allowCredentials); }
            if (options.excludeCredentials) { options.excludeCredentials = known(options.excludeCredentials); }
            return options;
          };
          const write = (credential) => {
            const from = credential.response;
            const response = { clientDataJSON: encode(from.clientDataJSON) };
            if (from.attestationObject) {
              response.attestationObject = encode(from.attestationObject);
            } else {
              response.authenticatorData = encode(from.authenticatorData);
              response.signature = encode(from.signature);
              response.userHandle = from.userHandle ? encode(from.userHandle) : null;
            }
            return JSON.stringify({ type: credential.type, rawId: encode(credential.rawId), response });
          };
          const send = (form, credential) => {
            form.elements.credential.value = write(credential);
            const remember = document.querySelector("input[name=remember]:checked");
            if (remember && !form.contains(remember)) {
              const copy = document.createElement("input");
              copy.type = "hidden";
              copy.name = "remember";
              copy.value = remember.value;
              form.append(copy);
            }
            form.submit();
          };
          let waiting = null;
          const offer = async (form) => {
            const isOffered = document.querySelector("input[autocomplete~=webauthn]")
              && PublicKeyCredential.isConditionalMediationAvailable
              && await PublicKeyCredential.isConditionalMediationAvailable();
            if (!isOffered || waiting || form.querySelector("button").disabled) { return; }
            const publicKey = read(form);
            const own = waiting = new AbortController();
            try {
              send(form, await navigator.credentials.get({ publicKey, mediation: "conditional", signal: own.signal }));
            } catch {
              if (waiting === own) { waiting = null; }
            }
          };
          const isAble = window.isSecureContext && window.PublicKeyCredential && navigator.credentials;
          for (const form of document.querySelectorAll("form[data-passkey]")) {
            const button = form.querySelector("button");
            const alert = form.querySelector("[role=alert]");
            const say = (text) => { alert.textContent = text; alert.hidden = false; };
            if (!isAble) { say(form.dataset.unsupported); continue; }
            button.disabled = false;
            form.addEventListener("submit", async (event) => {
              event.preventDefault();
              button.disabled = true;
              alert.hidden = true;
              if (waiting) { waiting.abort(); }
              waiting = null;
              try {
                const publicKey = read(form);
                const credential = publicKey.user
                  ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
                send(form, credential);
              } catch (error) {
                say(error.name === "InvalidStateError" ? form.dataset.known : form.dataset.failed);
                button.disabled = false;
                offer(form);
              }
            });
            offer(form);
          }
        })();

        """
}
