import Manifests

/// The Dex that is the provider of what is imported, as our own provider in the same file.
struct EmbeddedDex {
    /// As its file has it.
    let foreignIssuer: String
    let issuer: String
    private let configuration: YAMLValue

    var storage: YAMLValue? { configuration["storage"] }
    var log: YAMLValue? { configuration["log"] }

    /// nil where no such file is given.
    init?(
        _ place: ImportPlace, _ publicURL: String, _ report: ImportReport, _ variables: (String) -> String?
    ) throws(ImportProblem) {
        guard let file = place.dex else { return nil }
        let read: Import
        do throws(ImportProblem) {
            foreignIssuer = try DexImport.issuer(file.bytes)
            issuer = place.issuer ?? publicURL + (ForeignText.path(foreignIssuer) ?? "/dex")
            read = try DexImport.run(file.bytes, issuer: issuer, variables: variables)
        } catch {
            throw ImportProblem(text: "\(file.name): \(error.text)")
        }
        report.add(read, file: file.name)
        configuration = read.configuration
        if read.configuration["listen"] != nil {
            report.say(.note, "web", file: file.name, "there is one listener for both: see `listen`")
        }
    }

    /// The provider, whose client of this id can be the auth service.
    func provider(client id: String, redirectURI: String, signedOutURI: String) -> YAMLValue? {
        configuration["provider"]?.changing("clients") { clients in
            guard case .list(let items) = clients else { return clients }
            return .list(
                items.map { client in
                    guard client["id"]?.text == id else { return client }
                    return client.changing("redirectURIs") { .strings(Self.including(redirectURI, $0)) }
                        .changing("postLogoutRedirectURIs") { .strings(Self.including(signedOutURI, $0)) }
                })
        }
    }

    /// Whether a client has this id.
    func knows(_ id: String) -> Bool {
        guard case .list(let items) = configuration["provider"]?["clients"] else { return false }
        return items.contains { $0["id"]?.text == id }
    }

    private static func including(_ uri: String, _ list: YAMLValue?) -> [String] {
        guard case .list(let items) = list else { return [uri] }
        let texts = items.compactMap(\.text)
        return texts.contains(uri) ? texts : texts + [uri]
    }
}

extension YAMLValue {
    var text: String? { if case .string(let text) = self { text } else { nil } }

    subscript(_ key: String) -> YAMLValue? {
        guard case .map(let entries) = self else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// This map with another value for a key, which may not be there yet.
    func changing(_ key: String, _ change: (YAMLValue?) -> YAMLValue?) -> YAMLValue {
        guard case .map(var entries) = self else { return self }
        let place = entries.firstIndex { $0.key == key }
        guard let value = change(place.map { entries[$0].value }) else { return self }
        if let place { entries[place].value = value } else { entries.append(YAMLEntry(key, value)) }
        return .map(entries)
    }
}
