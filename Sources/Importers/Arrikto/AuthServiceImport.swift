import Yams

/// Carries one of the two programs called authservice over: Arrikto's, which has its options in the environment, or the Istio
/// ecosystem's, which has them in JSON.
package enum AuthServiceImport {
    package static func run(
        _ files: [ForeignFile], place: ImportPlace = ImportPlace(), variables: (String) -> String? = { _ in nil }
    ) throws(ImportProblem) -> Import {
        let report = ImportReport()
        if let root = try IstioAuthServiceReader.read(files, report) {
            return try IstioAuthServiceImport.run(root, place, report)
        }
        return try ArriktoImport.run(ArriktoReader(files, report).options(), place, report, variables)
    }
}
