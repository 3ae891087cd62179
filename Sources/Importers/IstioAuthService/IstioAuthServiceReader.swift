import Yams

/// Finds the JSON in the files: by itself, or in a ConfigMap.
enum IstioAuthServiceReader {
    struct Root {
        var config: ForeignValue
        /// Those of Secrets among the objects: what their keys `client-secret` hold.
        var secrets: [HeldFile]
    }

    /// nil where no file has any `chains`.
    static func read(_ files: [ForeignFile], _ report: ImportReport) throws(ImportProblem) -> Root? {
        var (config, secrets) = (ForeignValue?.none, [HeldFile]())
        for file in files {
            let documents = (try? ForeignDocument.parse(try file.text())) ?? []
            if let document = documents.first, document["chains"] != nil {
                try set(&config, ForeignValue(document, "", report, ForeignSource(file: file.name)))
            }
            let objects = try Workload(documents) { _ in false }.held
            for held in objects.files {
                if held.name == "client-secret" { secrets.append(held) }
                guard held.text.contains("chains"), let node = (try? ForeignDocument.parse(held.text))?.first,
                    node["chains"] != nil
                else { continue }
                try set(
                    &config, ForeignValue(node, "", report, ForeignSource(file: file.name, linesBefore: held.linesBefore)))
            }
        }
        return config.map { Root(config: $0, secrets: secrets) }
    }

    private static func set(_ config: inout ForeignValue?, _ value: ForeignValue) throws(ImportProblem) {
        guard config == nil else { throw ImportProblem(text: "there are several files with `chains`: give one of them only") }
        config = value
    }
}
