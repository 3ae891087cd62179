import Web

/// Which host and path a request means: read once, used by everything that decides.
struct RequestAddress: Sendable {
    /// Lower case, without port. Like `path` a part of the message, which holds the normal form too where it is another one.
    let host: RequestMessage.Part
    /// Normalised (`RequestPath`), without the query.
    let path: RequestMessage.Part
    /// The path for servers that know path parameters, where it is another one.
    let pathWithoutParameters: RequestMessage.Part?

    enum Refusal: Error, Sendable {
        case host
        case path(RequestPathRefusal)
        /// One rule for servers that know path parameters, another for those that do not.
        case pathParameters

        var reason: String {
            switch self {
            case .host: "the host cannot be read"
            case .path(let refusal): refusal.rawValue
            case .pathParameters: "the path means another rule without its parameters"
            }
        }
    }

    static func read(_ message: inout RequestMessage) -> Result<RequestAddress, Refusal> {
        guard let host = readHost(&message) else { return .failure(.host) }
        let target = message.target.range
        let end = message.bytes[target].firstIndex(of: UInt8(ascii: "?")) ?? target.upperBound
        let path = RequestMessage.Part(target.lowerBound..<end)
        if NormalForm.isPath(message.bytes.span.extracting(path.range)) {
            return .success(RequestAddress(host: host, path: path, pathWithoutParameters: nil))
        }
        do throws(RequestPathRefusal) {
            let normal = try RequestPath(target: message.text(path))
            return .success(
                RequestAddress(
                    host: host, path: message.append(normal.bytes),
                    pathWithoutParameters: normal.bytesWithoutParameters.map { message.append($0) }))
        } catch {
            return .failure(.path(error))
        }
    }

    private static func readHost(_ message: inout RequestMessage) -> RequestMessage.Part? {
        let authority = message.authority.range
        if let count = NormalForm.hostName(message.bytes.span.extracting(authority)) {
            return RequestMessage.Part(authority.lowerBound..<authority.lowerBound + count)
        }
        return RequestHost(message.text(message.authority)).map { message.append($0.name.utf8) }
    }
}

extension RuleSet {
    /// The rule for an address, if the application reads the path as we do. `nil` where its path parameters (`/admin;x/y`) would
    /// lead to another rule for a server that knows them than for one that does not.
    func match(_ request: CheckRequest, at address: RequestAddress) -> CompiledRule? {
        let bytes = request.message.bytes.span
        let method = bytes.extracting(request.message.method.range)
        let host = bytes.extracting(address.host.range)
        let match = match(method: method, host: host, path: bytes.extracting(address.path.range), of: request)
        guard let other = address.pathWithoutParameters else { return match }
        let same = self.match(method: method, host: host, path: bytes.extracting(other.range), of: request) === match
        return same ? match : nil
    }
}
