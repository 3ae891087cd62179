package import Manifests

/// The mesh's configuration as a cluster has it: the text itself, or the ConfigMap that holds it as `mesh`.
package enum MeshDocument {
    package static func read(_ bytes: [UInt8]) throws(ImportProblem) -> YAMLValue {
        try ForeignDocument.mapping(bytes, key: "mesh", ImportReport()).copied
    }
}
