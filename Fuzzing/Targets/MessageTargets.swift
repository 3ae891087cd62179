import Web

extension FuzzTarget {
    /// Cookies; a line end of the input begins the next `cookie` field.
    static let requestCookies = FuzzTarget("request-cookies", maximumBytes: 2048) { (input) throws(Violation) in
        let lines = input.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        let cookies = RequestCookies(values: lines)
        let names = cookies.names
        try require(names.count <= RequestCookies.maximumCookies, "no more than the limit")
        for name in Set(names) {
            try require(isToken(name), "the name is a token: \(name)")
            let values = cookies.all(named: name)
            try require(values.count == names.filter { sameBytes($0, name) }.count, "every value is there: \(name)")
            try require(
                values.allSatisfy { !$0.utf8.contains { $0 < 0x20 || $0 == 0x3b || $0 == 0x7f } }, "plain values: \(name)")
        }
        try require(
            RequestCookies(values: ["gatehouse=ours"] + lines).all(named: "gatehouse").first == "ours",
            "what stands behind a cookie does not hide it")
        try require(cookies.isTruncated || scanned(lines) == names, "read where they lie: the same cookies")
        let joined = RequestCookies(values: [lines.joined(separator: ";")])
        try require(
            joined.isTruncated || cookies.isTruncated || joined.names == names, "one field or several: the same cookies")
    }

    /// The names as the check reads them.
    private static func scanned(_ lines: [String]) -> [String] {
        lines.flatMap { line in
            let bytes = Array(line.utf8)
            var scanner = CookieScanner()
            var names: [String] = []
            while let pair = scanner.next(in: bytes.span, until: bytes.count) {
                names.append(String(decoding: bytes[pair.name], as: UTF8.self))
            }
            return names
        }
    }

    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0) }
    }

    /// Forms and queries.
    static let formFields = FuzzTarget("form-fields", maximumBytes: 2048) { (input) throws(Violation) in
        try require(
            PercentEncoding.decode(PercentEncoding.encode(String(decoding: input, as: UTF8.self)).utf8)
                == [UInt8](String(decoding: input, as: UTF8.self).utf8), "what is encoded decodes to itself")
        guard let form = FormFields(body: input) else { return }
        try require(form.fields.count <= FormFields.maximumFields, "no more than the limit")
        try require(form.fields.allSatisfy { !($0.name + $0.value).utf8.contains(0) }, "no NUL")
        let query = QueryString(form.fields.map { (name: $0.name, value: $0.value) }).encoded
        try require(
            FormFields(query: query, maximumBytes: query.utf8.count)?.fields == form.fields, "written and read again: \(query)")
        if let text = String(validating: input, as: UTF8.self) {
            try require(FormFields(query: text)?.fields == form.fields, "a query is read as a body is")
        }
        for field in form.fields {
            let values = form.all(field.name)
            try require(form.first(field.name) == values.first, "the first is the first: \(field.name)")
            try require(form.hasDuplicates(of: field.name) == (values.count > 1), "duplicates are seen: \(field.name)")
        }
    }
}
