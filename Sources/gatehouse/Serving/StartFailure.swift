/// Why the program did not start, in a sentence for whoever started it.
struct StartFailure: Error, CustomStringConvertible {
    let description: String
}
