package import JOSE
import Web

/// How a connector lies in the store: what it says has secrets in it, and is sealed together with its id, so that nobody can put one in
/// the place of another.
package struct ConnectorSealing: Sendable {
    private let keys: SealingKeys

    /// - Parameter sealing: the provider's, which every replica has.
    package init(_ sealing: SealingKeys) { keys = sealing.forPurpose("stored-connector") }

    /// - Throws: where there is no randomness.
    func sealed(_ members: JSONObject, id: String) throws -> String {
        try keys.seal(JSONValue.object(JSONObject([("id", .string(id)), ("connector", .object(members))])).jsonBytes)
    }

    /// `nil` for what no key opens.
    func opened(_ connector: StoredConnector) -> JSONObject? {
        guard let bytes = keys.open(connector.sealed), let content = (try? JSONReader.read(bytes))?.object,
            let id = content["id"]?.string, sameBytes(id, connector.id)
        else { return nil }
        return content["connector"]?.object
    }
}
