import Logging

/// The metadata of one log event as flat fields, ordered by name.
enum LogFields {
    /// The names that the line itself uses; metadata under one of them gets `_` in front.
    private static let reserved: Set<String> = ["time", "level", "label", "message", "error"]

    /// Later sources win: the handler's own, the provider's, the event's. Dictionaries flatten to `outer.inner`.
    static func flat(
        _ own: Logger.Metadata, _ provided: Logger.Metadata?, _ event: Logger.Metadata?
    ) -> [(name: String, value: Logger.MetadataValue)] {
        var merged = own
        if let provided { merged.merge(provided) { $1 } }
        if let event { merged.merge(event) { $1 } }
        guard !merged.isEmpty else { return [] }
        var fields: [String: Logger.MetadataValue] = [:]
        for (name, value) in merged { flatten(reserved.contains(name) ? "_\(name)" : name, value, into: &fields) }
        return fields.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }

    private static func flatten(
        _ name: String, _ value: Logger.MetadataValue, into fields: inout [String: Logger.MetadataValue]
    ) {
        guard case .dictionary(let members) = value else {
            fields[name] = value
            return
        }
        for (member, value) in members { flatten("\(name).\(member)", value, into: &fields) }
    }
}
