import JOSE
import Settings

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension KubernetesWorkload {
    /// The configuration file without its secrets.
    var configMap: KubernetesObject {
        object("ConfigMap", "v1", ["data": ["gatehouse.yaml": .string(deployed.text)]])
    }

    /// nil where there is one already, or nothing is secret.
    var secret: KubernetesObject? {
        guard options.secret == nil, !deployed.secrets.isEmpty else { return nil }
        let entries = deployed.secrets.map { YAMLEntry($0.key, .string(Data($0.value.bytes).base64EncodedString())) }
        return object("Secret", "v1", ["type": "Opaque", "data": .map(entries)])
    }

    var secretName: String { options.secret ?? Self.name }

    /// For a SQLite file.
    var dataClaim: KubernetesObject? {
        guard configuration.storage.path != nil else { return nil }
        return object(
            "PersistentVolumeClaim", "v1",
            ["spec": ["accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]]]])
    }
}
