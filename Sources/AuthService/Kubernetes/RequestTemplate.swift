import Web

/// A text of a rule in which places stand for parts of the request.
package struct RequestTemplate: Sendable, Equatable {
    package enum Piece: Sendable, Equatable {
        case text(String)
        /// `{tenant}`
        case tenant
        /// `{path.2}`: the second segment of the path; counted from 1.
        case segment(Int)
        /// `{path}`: all of it.
        case path
        /// `{method}`: in lower case.
        case method
        /// `{verb}`: what Kubernetes calls the method.
        case verb
    }

    private let pieces: [Piece]

    package init(_ pieces: [Piece]) { self.pieces = pieces }

    /// `nil` where the request does not have what a place stands for: nothing may be asked then, since an empty text asks for
    /// everything at once.
    func filled(with values: RequestValues) -> String? {
        var text = ""
        for piece in pieces {
            guard let part = values.text(of: piece) else { return nil }
            text += part
        }
        return text.isEmpty ? nil : text
    }
}

/// What of a request templates can name.
package struct RequestValues: Sendable {
    let tenant: String?
    /// Normalised, without the query.
    let path: String
    let method: String

    package init(tenant: String?, path: String, method: String) {
        self.tenant = tenant
        self.path = path
        self.method = method
    }

    /// Of a request whose address can be read; nothing of another.
    init(_ request: CheckRequest, tenant: String?) {
        guard case .success(let address) = request.address else {
            self.init(tenant: nil, path: "", method: "")
            return
        }
        self.init(
            tenant: tenant, path: request.message.text(address.path), method: request.message.text(request.message.method))
    }

    fileprivate func text(of piece: RequestTemplate.Piece) -> String? {
        switch piece {
        case .text(let text): text
        case .tenant: tenant
        case .segment(let number): segment(number)
        case .path: path.isEmpty ? nil : path
        case .method: method.isEmpty ? nil : method.lowercased()
        case .verb: verb
        }
    }

    /// Only what every reader takes for the same name.
    private func segment(_ number: Int) -> String? {
        let segments = path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard segments.indices.contains(number - 1) else { return nil }
        return TenantSource.name(Array(segments[number - 1]))
    }

    /// As the API server's own authorisation calls the methods of requests for one object.
    private var verb: String? {
        switch method {
        case "GET", "HEAD": "get"
        case "POST": "create"
        case "PUT": "update"
        case "PATCH": "patch"
        case "DELETE": "delete"
        default: nil
        }
    }
}
