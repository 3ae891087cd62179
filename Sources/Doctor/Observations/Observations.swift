package import JOSE
package import Settings

/// Everything that was seen; the checks judge it.
package struct Observations: Sendable {
    package let file: String
    package let configuration: Configuration
    package let problems: [ConfigurationProblem]
    package let now: UnixTime
    let sources: ConfigurationSources
    let unusable: String?
    let names: [NameVisit]
    let servers: [ServerVisit]
    let issuers: [IssuerVisit]
    let directories: [DirectoryVisit]
    let storage: StorageAnswer
    /// The metadata of our own provider, as others fetch it; nil where there is none.
    let ownIssuer: Fetched?
    let publicURLs: [PublicURLVisit]
}

struct NameVisit: Sendable {
    let host: NamedHost
    let answer: NameProbe.Answer
}

struct ServerVisit: Sendable {
    let server: Correspondent
    let answer: ServerProbe.Answer
}

/// What the gateway answers.
struct PublicURLVisit: Sendable {
    let url: ConfiguredURL
    /// Where our own endpoints are.
    let own: Fetched
    /// Where nobody has anything.
    let strange: Fetched
}
