/// The name that somebody who wrote `text` most likely meant, or nil when none is near.
///
/// Near is an edit distance of at most a third of the length (at least 2, case aside).
func nearestName(to text: String, in names: [String]) -> String? {
    let written = Array(text.lowercased().utf8.prefix(64))
    let limit = max(2, written.count / 3)
    let ranked = names.map { (name: $0, distance: editDistance(written, Array($0.lowercased().utf8))) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= limit else { return nil }
    return best.distance < best.name.utf8.count ? best.name : nil
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other (optimal string alignment).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        for column in right.indices {
            let change = left[row] == right[column] ? 0 : 1
            var best = min(last[column] + change, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                best = min(best, beforeLast[column - 1] + 1)
            }
            current.append(best)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}

/// A text of the file as messages show it: in backquotes, shortened, control characters as `?`.
func quoted(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(80).map { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) ? "?" : Character($0) }
    return "`" + String(shown) + (text.unicodeScalars.count > 80 ? "…" : "") + "`"
}
