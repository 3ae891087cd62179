package import JOSE
import Yams

/// A configuration that may be used, and what deserves a look in it.
package struct LoadedConfiguration: Sendable {
    package var configuration: Configuration
    package var warnings: [ConfigurationProblem]
    /// The file itself, for those who bring it to another place.
    package var tree: ConfigurationTree
    /// The environment variables that secrets come from.
    package var variables: [String: Secret]
}

/// What can be said of a configuration, whether it may be used or not.
package struct ExaminedConfiguration: Sendable {
    /// `nil` where a value was refused, so that only a stand-in is at hand. It may not be used where there are errors.
    package var configuration: Configuration?
    /// In the order of the file.
    package var problems: [ConfigurationProblem]
}

extension Configuration {
    /// Reads and checks the file at a path. All errors come at once; paths in the file begin at the file's folder.
    package static func load(
        path: String, sources: ConfigurationSources = .process
    ) throws(ConfigurationErrors) -> LoadedConfiguration {
        do {
            return try read(sources.file(path, Document.maximumBytes).bytes, file: path, sources: sources)
        } catch let failure as ConfigurationSources.Failure {
            throw unreadable(path, failure)
        } catch let errors as ConfigurationErrors {
            throw errors
        } catch {
            throw refused(file: path, nil, "the configuration cannot be read", "correct the path")
        }
    }

    /// Everything that is wrong with the file at a path, and the configuration as far as it can be read.
    package static func examined(path: String, sources: ConfigurationSources = .process) -> ExaminedConfiguration {
        do {
            let (_, reading, configuration) = try checked(
                sources.file(path, Document.maximumBytes).bytes, file: path, sources: sources)
            return ExaminedConfiguration(configuration: configuration, problems: reading.sorted)
        } catch let failure as ConfigurationSources.Failure {
            return ExaminedConfiguration(configuration: nil, problems: unreadable(path, failure).errors)
        } catch let errors as ConfigurationErrors {
            return ExaminedConfiguration(configuration: nil, problems: errors.errors)
        } catch {
            let errors = refused(file: path, nil, "the configuration cannot be read", "correct the path")
            return ExaminedConfiguration(configuration: nil, problems: errors.errors)
        }
    }

    /// Checks a configuration that is at hand as bytes. `file` stands in messages, and its folder before paths.
    package static func read(
        _ bytes: [UInt8], file: String, sources: ConfigurationSources = .process
    ) throws(ConfigurationErrors) -> LoadedConfiguration {
        let (root, reading, configuration) = try checked(bytes, file: file, sources: sources)
        let found = reading.sorted
        let errors = found.filter { $0.severity == .error }
        let warnings = found.filter { $0.severity == .warning }
        guard let configuration, errors.isEmpty else { throw ConfigurationErrors(errors: errors, warnings: warnings) }
        return LoadedConfiguration(
            configuration: configuration, warnings: warnings, tree: ConfigurationTree(root, reading.marks),
            variables: reading.variables)
    }

    /// The file's tree, what was found while it was read, and the configuration unless a value was refused.
    private static func checked(
        _ bytes: [UInt8], file: String, sources: ConfigurationSources
    ) throws(ConfigurationErrors) -> (root: Node, reading: Reading, configuration: Configuration?) {
        let reading = Reading(file: file, sources: sources)
        let root: Node
        do {
            root = try Document.parse(bytes)
        } catch {
            throw refused(file: file, error.position, error.what, error.mend)
        }
        let configuration = ConfigurationSection.section.shape.read(root.isNull ? .nothing : root, reading)
        let isWhole = !reading.problems.contains { $0.problem.severity == .error }
        if let configuration { ConfigurationChecks.run(configuration, reading) }
        return (root, reading, isWhole ? configuration : nil)
    }

    private static func unreadable(_ path: String, _ failure: ConfigurationSources.Failure) -> ConfigurationErrors {
        refused(
            file: path, nil, "the configuration cannot be read (\(failure.reason))",
            "correct the path, or run `gatehouse config example` for a start")
    }

    static func refused(file: String, _ position: Position?, _ what: String, _ mend: String) -> ConfigurationErrors {
        let problem = ConfigurationProblem(severity: .error, file: file, position: position, what: what, mend: mend)
        return ConfigurationErrors(errors: [problem], warnings: [])
    }
}

extension Reading {
    /// What was found, in the order of the file.
    fileprivate var sorted: [ConfigurationProblem] {
        problems.enumerated().sorted { left, right in
            let places = [left, right].map { $0.element.problem.position.map { ($0.line, $0.column) } ?? (0, 0) }
            return places[0] == places[1] ? left.offset < right.offset : places[0] < places[1]
        }.map(\.element.problem)
    }
}
