import ArgumentParser

/// What stands between clients and the gateway.
struct TrustedHops: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How many proxies in front of the gateway are to be believed about the client.", valueName: "number"))
    var trustedHops = 0

    func validate() throws {
        guard (0...100).contains(trustedHops) else { throw ValidationError("--trusted-hops goes from 0 to 100") }
    }
}
