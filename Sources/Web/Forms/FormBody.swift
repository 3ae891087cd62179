/// Reads the body of a form post.
package enum FormBody {
    /// `nil` where the body is no readable form.
    package static func fields(_ request: WebRequest) -> FormFields? {
        isForm(request) ? FormFields(body: request.body) : nil
    }

    /// Whether the content type is `application/x-www-form-urlencoded`, given once; parameters such as a charset may follow.
    package static func isForm(_ request: WebRequest) -> Bool {
        let types = request.headers.all("content-type")
        guard types.count == 1, let type = types.first else { return false }
        let name = type.utf8.prefix { $0 != UInt8(ascii: ";") }.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        return sameBytes(String(decoding: name, as: UTF8.self).lowercased(), "application/x-www-form-urlencoded")
    }
}
