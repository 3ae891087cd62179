extension YAMLValue {
    /// The items of a list; none of anything else.
    var items: [YAMLValue] {
        switch self {
        case .list(let items): items
        case .noted(_, let inner): inner.items
        case .string, .integer, .boolean, .map: []
        }
    }

    /// The entries of a map; none of anything else.
    var pairs: [YAMLEntry] {
        switch self {
        case .map(let entries): entries
        case .noted(_, let inner): inner.pairs
        case .string, .integer, .boolean, .list: []
        }
    }

    var text: String? {
        switch self {
        case .string(let text): text
        case .noted(_, let inner): inner.text
        case .integer, .boolean, .list, .map: nil
        }
    }
}
