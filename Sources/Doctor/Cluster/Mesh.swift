import JOSE

/// A mesh's configuration, or a part of it: the ConfigMap `istio`, an IstioOperator, Helm's values, or a fragment to merge.
struct Mesh: Sendable {
    let file: String
    private let content: JSONValue

    /// `nil` for what holds none.
    init?(_ value: JSONValue, file: String) {
        self.file = file
        if let text = value.text("data", "mesh"), value.text("kind") == "ConfigMap" {
            guard let mesh = try? ClusterDocuments.values(text).first else { return nil }
            content = mesh
        } else if let mesh = value.at("spec", "meshConfig") ?? value.at("meshConfig") {
            content = mesh
        } else if value.text("kind") == nil, value.at("extensionProviders") != nil || value.at("pathNormalization") != nil {
            content = value
        } else {
            return nil
        }
    }

    var providers: [MeshProvider] { content.list("extensionProviders").compactMap { MeshProvider($0) } }

    var rootNamespace: String? { content.text("rootNamespace") }

    /// `nil` where it is not set: BASE.
    var normalization: String? { content.text("pathNormalization", "normalization") }
}

/// One of `extensionProviders` that decides about requests.
struct MeshProvider: Sendable {
    enum Dialect: String, Sendable {
        case grpc = "envoyExtAuthzGrpc"
        case http = "envoyExtAuthzHttp"
    }

    let name: String
    let dialect: Dialect
    let content: JSONValue

    init?(_ value: JSONValue) {
        guard let name = value.text("name") else { return nil }
        if let content = value.at(Dialect.grpc.rawValue) {
            (dialect, self.content) = (.grpc, content)
        } else if let content = value.at(Dialect.http.rawValue) {
            (dialect, self.content) = (.http, content)
        } else {
            return nil
        }
        self.name = name
    }

    var subject: String { "mesh provider \(name)" }

    /// `[namespace/]host`, without the namespace.
    var host: String { (content.text("service") ?? "").split(separator: "/").last.map(String.init) ?? "" }

    var port: Int? { content.text("port").flatMap { Int($0) } }
}
