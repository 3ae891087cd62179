package import JOSE

/// A short name for one event, shown to the person and written to the log: ten letters that are hard to confuse.
package struct Reference: Sendable, Equatable {
    package let text: String

    package init(randomness: Randomness) {
        let letters = Array("ABCDEFGHJKMNPQRSTVWXYZ0123456789".utf8)
        text = String(decoding: randomness.bytes(10).map { letters[Int($0 & 31)] }, as: UTF8.self)
    }
}
