import OpenIDConnect
import Web

/// What a sign-in is asked for, beyond that somebody signs in: by a rule, by a link, or by nothing (`SignInDemand()`).
///
/// It travels in the query of the sign-in page, where anybody can change it: whoever needs it held looks at the session afterwards.
/// What was asked of the provider is in the sealed state, and the provider's answer is held against that.
package struct SignInDemand: Sendable, Equatable {
    /// `nil`: whichever the host offers, with a choice where there are several.
    package var providerID: String?
    /// Seconds since the person last gave their credentials.
    package var maxAge: Int64?
    /// One of these has to be the ID token's `acr`.
    package var acrValues: [String]
    /// One of these has to be among the ID token's `amr`; there is no parameter to ask for them.
    package var amr: [String] = []
    /// Asked for beside the client's own. Of those in the query only such count as some rule names: nobody else asks for more.
    package var scopes: [String] = []
    /// `login`, `select_account` or `consent`.
    package var prompt: String?
    /// Whom the provider should suggest.
    package var loginHint: String?
    /// Whether the browser should keep the session when it is closed; `nil`: nothing was said.
    package var isRemembered: Bool?

    package init(
        providerID: String? = nil, maxAge: Int64? = nil, acrValues: [String] = [], prompt: String? = nil,
        loginHint: String? = nil
    ) {
        self.providerID = providerID
        self.maxAge = maxAge
        self.acrValues = acrValues
        self.prompt = prompt
        self.loginHint = loginHint
    }
}

extension SignInDemand {
    private static let maximumAge: Int64 = 366 * 86400

    /// From the query of the sign-in page; what cannot be meant is left out.
    /// - Parameter scopes: that may be asked for.
    init(_ fields: FormFields?, scopes known: Set<String>) {
        func text(_ name: String, atMost bytes: Int) -> String? {
            fields?.first(name).flatMap { (1...bytes).contains($0.utf8.count) ? $0 : nil }
        }
        self.init(
            providerID: text("provider", atMost: 64),
            maxAge: text("max_age", atMost: 12).flatMap { Int64($0) }.flatMap { (0...Self.maximumAge).contains($0) ? $0 : nil },
            acrValues: text("acr_values", atMost: 1024).flatMap { Scope(parsing: $0)?.values } ?? [],
            prompt: text("prompt", atMost: 16).flatMap { ["login", "select_account", "consent"].contains($0) ? $0 : nil },
            loginHint: text("login_hint", atMost: 320))
        amr = text("amr", atMost: 1024).flatMap { Scope(parsing: $0)?.values } ?? []
        scopes = (text("scope", atMost: 4096).flatMap { Scope(parsing: $0)?.values } ?? []).filter(known.contains)
        isRemembered = text("remember", atMost: 1).flatMap { ["1": true, "0": false][$0] }
    }

    /// As `init` reads it.
    var parameters: [(name: String, value: String)] {
        let values: [(String, String?)] = [
            ("provider", providerID), ("max_age", maxAge.map { String($0) }),
            ("acr_values", acrValues.isEmpty ? nil : Scope(acrValues).text), ("amr", amr.isEmpty ? nil : Scope(amr).text),
            ("scope", scopes.isEmpty ? nil : Scope(scopes).text), ("prompt", prompt), ("login_hint", loginHint),
            ("remember", isRemembered.map { $0 ? "1" : "0" }),
        ]
        return values.compactMap { name, value in value.map { (name: name, value: $0) } }
    }
}
