import TLS

extension FuzzTarget {
    /// The first message of a TLS client, which is looked at for its protocols before TLS reads it.
    static let clientHello = FuzzTarget("client-hello", maximumBytes: 512) { (input) throws(Violation) in
        let whole = ClientHello(reading: input)
        var beginning = ClientHello.incomplete
        for count in 0..<input.count {
            let next = ClientHello(reading: input.prefix(count))
            try require(beginning == .incomplete || next == beginning, "more bytes change nothing: \(beginning), \(next)")
            beginning = next
        }
        try require(beginning == .incomplete || whole == beginning, "more bytes change nothing: \(beginning), \(whole)")
        guard case .offers(let names?) = whole else { return }
        try require(!names.isEmpty && names.allSatisfy { (1...255).contains($0.count) }, "names of some length: \(names)")
    }
}
