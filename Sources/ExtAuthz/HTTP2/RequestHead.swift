import NIOHPACK
import Web

/// What of a request's fields the server needs, once they have passed RFC 9113 sections 8.2 and 8.3.
struct RequestHead {
    var method: String
    /// Empty for CONNECT.
    var path: String
    var contentType: String?
    /// As the client told it.
    var contentLength: Int?

    /// `nil`: the request is malformed.
    init?(_ headers: HPACKHeaders) {
        guard let fields = FieldSection(headers), let method = fields.method, fields.isRequest else { return nil }
        self.method = method
        path = fields.path ?? ""
        contentType = fields.contentType
        contentLength = fields.contentLength
    }

    /// Whether these fields may stand behind the body: no pseudo-header fields there (RFC 9113 section 8.1).
    static func areTrailers(_ headers: HPACKHeaders) -> Bool {
        FieldSection(headers)?.hasPseudoFields == false
    }
}
