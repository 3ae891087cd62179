import Settings

/// Files that are read while the program runs: what the configuration itself needs was read with it.
enum FileCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] {
        let findings = named(in: seen.configuration).map { finding($0, seen.sources) }
        return findings + mode(seen)
    }

    private static func named(in configuration: Configuration) -> [(key: String, path: String)] {
        let service = configuration.authService
        let bearers = (service?.bearer ?? []).flatMap { bearer in
            [bearer.tokenFile.map { ("tokenFile", $0) }, bearer.jwksFile.map { ("jwksFile", $0) }].compactMap { $0 }
        }
        let emails = (service?.providers ?? []).compactMap { entry in entry.admission.emailsFile.map { ("emailsFile", $0) } }
        let others = [
            service?.kubernetes?.tokenFile.map { ("kubernetes.tokenFile", $0) },
            configuration.provider?.passwords.refused.map { ("passwords.refused", $0) },
        ]
        return (bearers + emails + others.compactMap { $0 }).map { (key: $0.0, path: $0.1) }
    }

    private static func finding(_ file: (key: String, path: String), _ sources: ConfigurationSources) -> Finding {
        do throws(ConfigurationSources.Failure) {
            _ = try sources.file(file.path, 1)
            return .ok(file.path, "`\(file.key)` can be read")
        } catch {
            return .failure(
                file.path, "`\(file.key)` cannot be read (\(error.reason))",
                mend: "make it, correct the path, or let Gatehouse's user read it")
        }
    }

    /// A configuration that holds secrets itself.
    private static func mode(_ seen: Observations) -> [Finding] {
        let holdsSecrets = seen.problems.contains { $0.what == "a secret stands in the configuration itself" }
        guard holdsSecrets, let file = try? seen.sources.file(seen.file, 0), file.mode & 0o077 != 0 else { return [] }
        return [
            .warning(
                seen.file, "it holds secrets, and others on this machine can read it",
                mend: "run `chmod 600` on it, or move the secrets to files of their own")
        ]
    }
}
