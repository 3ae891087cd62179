import AuthService
import Web

/// The rules as their documentation reads, one after the other: what the compiled form is held against.
struct LinearRules {
    let rules: [Rule]

    /// The number of the first rule that matches.
    func match(_ request: WebRequest, host: String) -> Int? {
        rules.firstIndex { rule in
            (rule.hosts.isEmpty || rule.hosts.contains { Self.matches($0, host) })
                && (rule.paths.isEmpty || rule.paths.contains { Self.matches($0, request.target) })
                && (rule.methods.isEmpty || rule.methods.contains(request.method))
                && rule.conditions.allSatisfy { Self.holds($0, request) }
        }
    }

    private static func matches(_ pattern: HostPattern, _ host: String) -> Bool {
        switch pattern {
        case .exact(let name): name == host
        case .below(let suffix): host.hasSuffix(suffix) && host != suffix
        }
    }

    private static func matches(_ pattern: PathPattern, _ path: String) -> Bool {
        switch pattern {
        case .exact(let bytes): Array(path.utf8) == bytes
        case .below(let prefix): path.utf8.starts(with: prefix) || Array((path + "/").utf8) == prefix
        case .glob(let segments, let isBelow):
            matches(segments[...], path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)[...], isBelow)
        }
    }

    private static func matches(
        _ pattern: ArraySlice<PathPattern.Segment>, _ path: ArraySlice<Substring>, _ isBelow: Bool
    ) -> Bool {
        guard let first = pattern.first else { return isBelow || path.isEmpty }
        let rest = pattern.dropFirst()
        switch (first, path.first) {
        case (.anySegments, _):
            return path.indices.contains { matches(rest, path[$0...], isBelow) }
        case (.literal(let name), let segment?):
            return Array(segment.utf8) == name && matches(rest, path.dropFirst(), isBelow)
        case (.one(let suffix), let segment?):
            return !segment.isEmpty && segment.hasSuffix(String(decoding: suffix, as: UTF8.self))
                && matches(rest, path.dropFirst(), isBelow)
        case (_, nil): return false
        }
    }

    private static func holds(_ condition: RuleCondition, _ request: WebRequest) -> Bool {
        guard case .headers(let headers) = condition else { return false }
        return headers.allSatisfy { header in
            let lines = request.headers.all(header.name)
            return switch header.requirement {
            case .present: !lines.isEmpty
            case .absent: lines.isEmpty
            case .oneOf(let patterns): !lines.isEmpty && patterns.contains { $0.matches(lines.joined(separator: ",")) }
            }
        }
    }
}

extension RuleSet {
    /// The rule for a request that has no more than these, and headers.
    func match(_ method: String, _ host: String, _ path: String, headers: HeaderList = [:]) -> CompiledRule {
        let http = WebRequest(method: method, scheme: "https", authority: host, target: path, headers: headers)
        let request = CheckRequest(http: http, gatewayCarriesPages: true)
        return match(method: method, host: host, path: Array(path.utf8), of: request)
    }
}
