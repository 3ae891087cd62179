package import JOSE

/// A client of the store: made, changed and removed while the program runs, unlike those of the configuration.
package struct StoredClient: StoredDocument {
    /// One secret, of which only the client knows more than the digest.
    package struct KnownSecret: Sendable, Equatable {
        /// What administrators call it by.
        package let id: String
        package let digest: SecretDigest
        package let createdAt: UnixTime

        package init(id: String, digest: SecretDigest, createdAt: UnixTime) {
            self.id = id
            self.digest = digest
            self.createdAt = createdAt
        }
    }

    /// The client id: unique, never changes.
    package let id: String
    package var description: ClientDescription
    /// Any of them authenticates.
    package var secrets: [KnownSecret]
    /// `nil` for a client that administrators have made.
    package var registration: StoredRegistration?
    package let createdAt: UnixTime
    /// 1 at first; every replacement adds one.
    package var version: Int64

    package init(
        id: String, description: ClientDescription, secrets: [KnownSecret], registration: StoredRegistration? = nil,
        createdAt: UnixTime, version: Int64 = 1
    ) {
        self.id = id
        self.description = description
        self.secrets = secrets
        self.registration = registration
        self.createdAt = createdAt
        self.version = version
    }

    /// `nil` while it is disabled, and for one that has registered itself: `ClientRegistration` knows what that is good for.
    var client: Client? {
        description.isDisabled || registration != nil ? nil : description.client(id: id, secrets: secrets.map(\.digest))
    }
}

extension StoredClient {
    /// What a store keeps in one column, beside id, version and time.
    package var content: JSONValue {
        let secrets = secrets.map { secret -> JSONValue in
            [
                "id": .string(secret.id), "digest": .string(Base64URL.encode(secret.digest.bytes)),
                "created_at": .integer(secret.createdAt.seconds),
            ]
        }
        var members = JSONObject([("description", .object(description.json)), ("secrets", .array(secrets))])
        members["registration"] = registration.map { .object($0.json) }
        return .object(members)
    }

    /// From a store's columns; `nil` for what is damaged.
    package init?(id: String, version: Int64, createdAt: UnixTime, content: JSONValue) {
        var description = ClientDescription()
        guard let members = content.object, let told = members["description"]?.object, let list = members["secrets"]?.array,
            ClientRules.take(told, &description) == nil
        else { return nil }
        let secrets = list.compactMap(KnownSecret.init(json:))
        let registration = members["registration"]?.object.flatMap(StoredRegistration.init)
        guard secrets.count == list.count, (registration == nil) == (members["registration"] == nil) else { return nil }
        self.init(
            id: id, description: description, secrets: secrets, registration: registration, createdAt: createdAt,
            version: version)
    }
}

extension StoredClient.KnownSecret {
    fileprivate init?(json: JSONValue) {
        guard let members = json.object, let id = members["id"]?.string, let created = members["created_at"]?.integer,
            let digest = members["digest"]?.string.flatMap({ Base64URL.decode($0) }), digest.count == 32
        else { return nil }
        self.init(id: id, digest: SecretDigest(bytes: digest), createdAt: UnixTime(seconds: created))
    }
}
