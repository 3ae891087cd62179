import Web

/// Which host and path a request means: read once, used by everything that decides.
struct RequestAddress: Sendable {
    /// Lower case, without port.
    let host: String
    let path: RequestPath

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

    static func read(_ request: WebRequest) -> Result<RequestAddress, Refusal> {
        guard let host = RequestHost(request.authority) else { return .failure(.host) }
        do throws(RequestPathRefusal) {
            return .success(RequestAddress(host: host.name, path: try RequestPath(target: request.target)))
        } catch {
            return .failure(.path(error))
        }
    }
}

extension RuleSet {
    /// The rule for an address, if the application reads the path as we do. `nil` where its path parameters (`/admin;x/y`) would
    /// lead to another rule for a server that knows them than for one that does not.
    func match(method: String, address: RequestAddress) -> Match? {
        let match = match(method: method, host: address.host, path: address.path.bytes)
        guard let other = address.path.bytesWithoutParameters else { return match }
        return self.match(method: method, host: address.host, path: other).name == match.name ? match : nil
    }
}
