/// The answers of `/livez` and `/readyz`.
package struct HealthEndpoints: Sendable {
    /// `content-type: application/json`, `cache-control: no-store`.
    package struct Response: Sendable, Equatable {
        package let status: Int
        package let json: String

        package init(status: Int, json: String) {
            self.status = status
            self.json = json
        }
    }

    private let readiness: Readiness

    package init(readiness: Readiness) {
        self.readiness = readiness
    }

    /// `/livez`: 200 as long as the process answers. `/readyz`: 200 when every check is well, else 503; the body names each, and
    /// says in `detail` what they have found.
    /// `nil` for other paths.
    package func response(path: String) async -> Response? {
        switch path {
        case "/livez": Response(status: 200, json: #"{"status":"ok"}"#)
        case "/readyz": Self.response(await readiness.report())
        default: nil
        }
    }

    private static func write(_ details: [(name: String, text: String)], to json: inout [UInt8]) {
        json.append(contentsOf: #","detail":{"#.utf8)
        for detail in details {
            JSONText.writeName(detail.name, to: &json)
            JSONText.write(detail.text, to: &json)
        }
        json.append(UInt8(ascii: "}"))
    }

    private static func response(_ report: Readiness.Report) -> Response {
        var json = [UInt8](#"{"status":"\#(report.isReady ? "ok" : "unavailable")","checks":{"#.utf8)
        for entry in report.entries {
            JSONText.writeName(entry.name, to: &json)
            JSONText.write(entry.outcome.text, to: &json)
        }
        json.append(UInt8(ascii: "}"))
        let details = report.entries.compactMap { entry in entry.outcome.detail.map { (entry.name, $0) } }
        if !details.isEmpty { write(details, to: &json) }
        json.append(UInt8(ascii: "}"))
        return Response(status: report.isReady ? 200 : 503, json: String(decoding: json, as: UTF8.self))
    }
}

extension Readiness.Outcome {
    fileprivate var detail: String? {
        if case .found(let detail) = self { detail } else { nil }
    }

    fileprivate var text: String {
        switch self {
        case .ok, .found: "ok"
        case .failed(let reason): "failed: \(reason)"
        }
    }
}
