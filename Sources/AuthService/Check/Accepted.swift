import Accounts
package import JOSE
import Synchronization

/// The request goes on to the application.
package struct Accepted: Sendable {
    /// One header of ours for the application; overwrites whatever the client sent under that name.
    package struct Header: Sendable, Equatable {
        package var name: String
        package var value: String
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What is the same for all requests of one person, or for all of nobody.
    package let grant: AcceptedGrant
    /// `Set-Cookie` values for the client.
    package var cookies: [String]
    /// Headers of ours that this client has sent, in lower case and as it spelled them.
    package var sentByClient: [String]
    /// The client's `cookie` header without our cookies.
    package var cookieHeader = OwnCookies.Remainder.untouched
    /// For the metadata; `nil`: none is told.
    package var rule: String?
    /// For metrics.
    package var source = DecisionSource.none

    package init(grant: AcceptedGrant, rule: String, source: DecisionSource = .none, sentByClient: [String]) {
        self.grant = grant
        self.rule = rule
        self.source = source
        self.sentByClient = sentByClient
        cookies = []
    }

    /// An accept by itself.
    package init(
        headersToSet: [Header] = [], headersToRemove: [String] = [], cookies: [String] = [],
        metadata: [String: JSONValue] = [:]
    ) {
        grant = AcceptedGrant(headersToSet: headersToSet, headersToRemove: headersToRemove, metadata: metadata)
        self.cookies = cookies
        sentByClient = []
    }

    /// Headers to set on the request to the application.
    package var headersToSet: [Header] { grant.headersToSet }

    /// Names (lower case) to remove from the request to the application. Disjoint from `headersToSet`: Envoy removes after
    /// setting. A dialect that cannot remove sends these with an empty value.
    package var headersToRemove: [String] { grant.headersToRemove + spellingsToRemove }

    /// The part of `headersToRemove` that is this client's own.
    package var spellingsToRemove: [String] {
        sentByClient.isEmpty ? [] : sentByClient.filter { !grant.names.contains($0) }
    }

    /// For the gateway's access log and RBAC (Envoy's dynamic metadata): no secrets, no tokens.
    package var metadata: [String: JSONValue] {
        var metadata = grant.metadata
        if let rule { metadata["rule"] = .string(rule) }
        return metadata
    }
}

/// What every accept of one person has in common, made once: many requests share it, and each dialect keeps with it the bytes
/// that it writes for it.
package final class AcceptedGrant: Sendable {
    // First what every check reads.
    private let grpc = AtomicLazyReference<WrittenGrant>()
    private let http = AtomicLazyReference<WrittenGrant>()
    let headerNames: GrantNames
    /// Empty for one that rested: its bytes say them, and nobody can write them in another form.
    package let headersToSet: [Accepted.Header]
    private let subject: Subject

    /// Whom the metadata are about: they are made when they are written.
    private enum Subject {
        case person(Identity)
        case told([String: JSONValue])
        /// The bytes say it.
        case written
    }

    package convenience init(headersToSet: [Accepted.Header], headersToRemove: [String], metadata: [String: JSONValue]) {
        self.init(headersToSet, headersToRemove, .told(metadata))
    }

    convenience init(headersToSet: [Accepted.Header], headersToRemove: [String], for identity: Identity) {
        self.init(headersToSet, headersToRemove, .person(identity))
    }

    private init(_ headersToSet: [Accepted.Header], _ headersToRemove: [String], _ subject: Subject) {
        // A copy has no room to spare.
        self.headersToSet = headersToSet.map { $0 }
        headerNames = GrantNames.of(set: headersToSet, removed: headersToRemove)
        self.subject = subject
    }

    /// One that rested: in the forms that it had been written in, and no others.
    init(_ written: [GrantForm: WrittenGrant], names: GrantNames) {
        headersToSet = []
        headerNames = names
        subject = .written
        if let bytes = written[.http] { _ = http.storeIfNil(bytes) }
        if let bytes = written[.grpc] { _ = grpc.storeIfNil(bytes) }
    }

    package var headersToRemove: [String] { headerNames.removed }

    /// Of all headers, those that are set and those that are removed.
    package var names: Set<String> { headerNames.all }

    package var metadata: [String: JSONValue] {
        switch subject {
        case .told(let metadata): metadata
        case .person(let identity):
            [
                "user": .string(identity.email ?? identity.subject), "subject": .string(identity.subject),
                "groups": .strings(identity.groups),
            ]
        case .written: [:]
        }
    }

    /// For Envoy over gRPC: made by `write` when it is asked for the first time.
    package func writtenForGRPC(_ write: (AcceptedGrant) -> WrittenGrant) -> WrittenGrant {
        grpc.load() ?? grpc.storeIfNil(isOnlyWritten ? .none : write(self))
    }

    /// For the gateways that ask over HTTP.
    package func writtenForHTTP(_ write: (AcceptedGrant) -> WrittenGrant) -> WrittenGrant {
        http.load() ?? http.storeIfNil(isOnlyWritten ? .none : write(self))
    }

    /// The bytes, if there are any in this form.
    func written(in form: GrantForm) -> WrittenGrant? {
        switch form {
        case .http: http.load()
        case .grpc: grpc.load()
        }
    }

    /// Whether it can be given to who asks in this form.
    func serves(_ form: GrantForm) -> Bool { !isOnlyWritten || written(in: form) != nil }

    private var isOnlyWritten: Bool { if case .written = subject { true } else { false } }
}

/// In which form a gateway is answered.
enum GrantForm: CaseIterable, Sendable {
    case http
    /// Envoy's `CheckResponse`.
    case grpc
}

/// A grant in the bytes of a dialect.
package final class WrittenGrant: Sendable {
    package let headers: [UInt8]
    package let metadata: [UInt8]
    /// `false`: a name or value in it would break the message, and so nobody may be let in with it.
    package let isSound: Bool

    package init(headers: [UInt8], metadata: [UInt8] = [], isSound: Bool) {
        self.headers = headers
        self.metadata = metadata
        self.isSound = isSound
    }

    /// Lets nobody in.
    fileprivate static let none = WrittenGrant(headers: [], isSound: false)
}
