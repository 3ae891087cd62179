extension String {
    /// A text of somebody else's, as it may be printed: in backquotes, without control characters, and no longer than a line.
    var quotedForeign: String {
        let limit = 160
        return "`" + String(String.UnicodeScalarView(unicodeScalars.prefix(limit))).printable
            + (unicodeScalars.count > limit ? "…" : "") + "`"
    }

    /// Without what a terminal would obey, or would show in another order.
    package var printable: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || (0x200b...0x206f).contains(scalar.value)
                        ? "?" : scalar
                }))
    }
}
