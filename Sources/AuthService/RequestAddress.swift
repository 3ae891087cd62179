import Web

/// Which host and path a request means: read once, used by everything that decides.
struct RequestAddress: Sendable {
    /// Lower case, without port.
    let host: String
    let path: RequestPath

    enum Refusal: Error, Sendable {
        case host
        case path(RequestPathRefusal)

        var reason: String {
            switch self {
            case .host: "the host cannot be read"
            case .path(let refusal): refusal.rawValue
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
