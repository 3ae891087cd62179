import Web

/// The address of the sign-in page: where to go afterwards, and what is asked for.
struct SignInAddress: Sendable {
    /// Not yet checked.
    let target: String
    let demand: SignInDemand
    /// Whether the page is shown, even where there is nothing to choose.
    let asks: Bool

    private static let asking = (name: "page", value: "1")

    init(_ target: String, _ demand: SignInDemand, asks: Bool) {
        self.target = target
        self.demand = demand
        self.asks = asks
    }

    /// - Parameter scopes: that may be asked for.
    init(_ fields: FormFields?, scopes: Set<String>) {
        target = fields?.first("rd") ?? "/"
        demand = SignInDemand(fields, scopes: scopes)
        asks = fields?.first(Self.asking.name) == Self.asking.value
    }

    func url(_ parts: AuthServiceParts, _ origin: Origin) -> String {
        let url = parts.signInURL(at: origin, target: target, demand: demand)
        return asks ? QueryString([Self.asking]).appending(to: url) : url
    }
}
