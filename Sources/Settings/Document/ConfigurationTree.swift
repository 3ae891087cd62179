package import JOSE
import Yams

/// The configuration file as it is written, without its comments. What is secret in it, and what names files, is marked, so
/// that it can be brought to another place.
package indirect enum ConfigurationTree: Sendable {
    /// Between quotes in the file.
    case text(String)
    /// Without quotes; `null` is left out with its key.
    case plain(String)
    case list([ConfigurationTree])
    case map([(key: String, value: ConfigurationTree)])
    /// A secret that stands in the file itself.
    case secret(Secret)
    /// A path, absolute or from the working directory.
    case file(path: String)
    case folder(path: String)

    init(_ node: Node, _ marks: [Position: ConfigurationTree]) {
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            self = marks[node.position] ?? (isPlain ? .plain(scalar.string) : .text(scalar.string))
        case .sequence(let items): self = .list(items.map { ConfigurationTree($0, marks) })
        case .mapping(let pairs):
            self = .map(
                pairs.compactMap { key, value in
                    value.isNull ? nil : (key: key.scalar?.string ?? "", value: ConfigurationTree(value, marks))
                })
        // None is in a document that was taken.
        case .alias: self = .text("")
        }
    }
}
