import Yams

/// Finds the JSON in the files: by itself, or in a ConfigMap.
enum IstioAuthServiceReader {
    struct Root {
        var config: ForeignValue
        /// Secrets among the objects, by name; what their key `client-secret` holds.
        var secrets: [String: String]
    }

    /// nil where no file has any `chains`.
    static func read(_ files: [ForeignFile], _ report: ImportReport) throws(ImportProblem) -> Root? {
        var (config, secrets) = (ForeignValue?.none, [String: String]())
        for file in files {
            let documents = (try? ForeignDocument.parse(try file.text())) ?? []
            if let document = documents.first, document["chains"] != nil {
                config = ForeignValue(document, "", report, ForeignSource(file: file.name))
            }
            let workload = Workload(documents) { _ in false }
            for held in workload.files {
                if held.name == "client-secret" { secrets[held.object] = held.text }
                guard held.text.contains("chains"), let node = (try? ForeignDocument.parse(held.text))?.first,
                    node["chains"] != nil
                else { continue }
                config = ForeignValue(node, "", report, ForeignSource(file: file.name, linesBefore: held.linesBefore))
            }
        }
        return config.map { Root(config: $0, secrets: secrets) }
    }
}
