import Foundation
package import Settings

/// Finds the files with a cluster's objects.
package enum ClusterFiles {
    /// Why there is nothing to look at.
    package struct Failure: Error {
        package let description: String
    }

    private static let maximumBytes = 32 << 20

    /// The files at these paths, and every YAML and JSON file below those that are folders.
    package static func read(_ paths: [String], for configuration: Configuration) throws(Failure) -> Cluster {
        var objects: [ClusterObject] = []
        var meshes: [Mesh] = []
        var all: [String] = []
        for path in paths { all += try files(at: path) }
        for file in all {
            do throws(ClusterDocuments.Unreadable) {
                for value in try ClusterDocuments.values(try text(file)) {
                    if let mesh = Mesh(value, file: file) { meshes.append(mesh) }
                    if let object = ClusterObject(value, file: file) { objects.append(object) }
                }
            } catch { throw Failure(description: "\(file.printable): not readable: \(error.reason)") }
        }
        return Cluster(configuration: configuration, objects: objects, meshes: meshes)
    }

    private static func files(at path: String) throws(Failure) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(description: "\(path.printable): there is no such file or folder")
        }
        guard isFolder.boolValue else { return [path] }
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.filter { name in [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) } }.sorted().map {
            "\(path)/\($0)"
        }
    }

    private static func text(_ file: String) throws(ClusterDocuments.Unreadable) -> String {
        do throws(ConfigurationSources.Failure) {
            let bytes = try ConfigurationSources.process.file(file, maximumBytes).bytes
            guard bytes.count <= maximumBytes else { throw ConfigurationSources.Failure(reason: "it is larger than 32 MiB") }
            return String(decoding: bytes, as: UTF8.self)
        } catch { throw ClusterDocuments.Unreadable(reason: error.reason) }
    }
}
