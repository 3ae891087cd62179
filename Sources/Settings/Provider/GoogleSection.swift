import JOSE
import Yams

/// `provider.connectors[].google`
enum GoogleSection {
    static let scopes = Key.defaulted(
        "scopes", .list(of: .scope()), ["profile", "email"], "What is asked for beside `openid`.")
    static let hostedDomains = Key.defaulted(
        "hostedDomains", .list(of: .text()), [String](),
        "The domains of Google Workspace whose people are taken; everybody without it.")
    static let promptType = Key.defaulted(
        "promptType", .text(), "consent", "`prompt` where a refresh token is asked for; `none` sends none.")
    static let groups = Key.defaulted(
        "groups", .list(of: .text()), [String](),
        "Addresses of groups: whoever is in none is not taken, and only these are told; everybody without it.")
    static let serviceAccountFilePath = Key.optional(
        "serviceAccountFilePath", GoogleServiceAccountFile.shape, "The key (JSON) of the service account that groups are told to."
    )
    static let domainToAdminEmail = Key.defaulted(
        "domainToAdminEmail", GoogleAdministrators.shape, [], "Whom it stands for, for people of a domain; `*`: of any other.")
    static let adminEmail = Key.optional("adminEmail", Shape<String>.text(), "Dex's older form of `domainToAdminEmail` with `*`.")
    static let fetchTransitiveGroupMembership = Key.defaulted(
        "fetchTransitiveGroupMembership", .boolean(), false, "Whether groups of groups count.")

    static let section = Section(
        "google",
        UpstreamClientKeys.all + [
            scopes.listed, hostedDomains.listed, promptType.listed, groups.listed, serviceAccountFilePath.listed,
            domainToAdminEmail.listed, adminEmail.listed, fetchTransitiveGroupMembership.listed,
        ]
    ) { fields in
        GoogleSettings(
            client: UpstreamClientKeys.settings(fields), scopes: fields(scopes), hostedDomains: fields(hostedDomains),
            promptType: fields(promptType) == "none" ? nil : fields(promptType), directory: directory(fields))
    }

    private static func directory(_ fields: Fields) -> GoogleSettings.Directory? {
        let administrators =
            fields(domainToAdminEmail) + (fields(adminEmail).map { [.init(domain: "*", email: $0)] } ?? [])
        guard fields.given(serviceAccountFilePath.name) != nil else {
            for name in [groups.name, domainToAdminEmail.name, adminEmail.name, fetchTransitiveGroupMembership.name] {
                guard let node = fields.given(name) else { continue }
                fields.reading.error(
                    "`\(name)` needs `serviceAccountFilePath`", "add the file: Google tells groups to service accounts only",
                    at: node)
            }
            return nil
        }
        if administrators.isEmpty {
            fields.reading.error(
                "`serviceAccountFilePath` goes with `domainToAdminEmail`",
                "add `domainToAdminEmail: { \"*\": admin@example.com }`",
                at: fields.given(serviceAccountFilePath.name))
        }
        if fields.given(adminEmail.name) != nil, administrators.dropLast().contains(where: { $0.domain == "*" }) {
            fields.reading.error(
                "`adminEmail` and the `*` of `domainToAdminEmail` are both there", "keep the latter",
                at: fields.given(adminEmail.name))
        }
        if !fields(scopes).contains("email") {
            fields.reading.error(
                "groups are asked for by the e-mail address", "add `email` to `scopes`", at: fields.given(scopes.name))
        }
        return fields(serviceAccountFilePath).map {
            GoogleSettings.Directory(
                account: $0, administrators: administrators, groups: fields(groups),
                isTransitive: fields(fetchTransitiveGroupMembership))
        }
    }
}

/// `provider.connectors[].google.domainToAdminEmail`
enum GoogleAdministrators {
    static let shape = Shape<[GoogleSettings.Administrator]>.mapping(of: Shape<String>.text().schema) { key, _, node, reading in
        guard let email = Shape<String>.text().read(node, reading) else { return nil }
        return GoogleSettings.Administrator(domain: key, email: email)
    }
}

/// The file that Google's console hands out for a key of a service account.
enum GoogleServiceAccountFile {
    private static let maximumBytes = 64 * 1024

    static let shape = Shape<String>.file().then { path, node, reading -> GoogleSettings.ServiceAccount? in
        let file: ConfigurationSources.File
        do throws(ConfigurationSources.Failure) { file = try reading.sources.file(path, maximumBytes) } catch {
            return reading.refuse(
                "the service account's file \(quoted(path)) cannot be read (\(error.reason))", "correct the path", node)
        }
        if file.mode & 0o077 != 0 {
            return reading.refuse(
                "the service account's file \(quoted(path)) can be read by others", "run `chmod 600` on it", node)
        }
        guard let account = account(file.bytes, reading) else {
            return reading.refuse(
                "\(quoted(path)) is no key of a service account",
                "download one as JSON: it has `client_email`, `private_key`, `private_key_id` and `token_uri`", node)
        }
        return account
    }

    private static func account(_ bytes: [UInt8], _ reading: Reading) -> GoogleSettings.ServiceAccount? {
        guard let members = (try? JSONReader.read(bytes))?.object, members["type"]?.string == "service_account",
            let email = members["client_email"]?.string, let keyID = members["private_key_id"]?.string,
            let pem = members["private_key"]?.string, let uri = members["token_uri"]?.string,
            let key = try? SigningKey(pem: Secret(utf8: pem), algorithm: .rs256),
            let url = Shape<ConfiguredURL>.endpoint().read(.init(uri), Reading(file: reading.file, sources: .none))
        else { return nil }
        return GoogleSettings.ServiceAccount(email: email, key: key, keyID: keyID, tokenURL: url)
    }
}
