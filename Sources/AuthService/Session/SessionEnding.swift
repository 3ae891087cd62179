import Accounts
package import JOSE

/// That sessions are over which no store holds, since their cookies do: those of one kind that began up to a moment. It has to be
/// remembered until the last of their cookies would have ended by itself.
package struct SessionEnding: Sendable, Equatable {
    /// What a session has to have to be meant; `nil`: anything. With nothing named, all are meant.
    package struct Marks: Sendable, Equatable {
        package var issuer: String?
        package var subject: String?
        /// The provider's `sid`.
        package var providerSessionID: String?
        /// A subject, e-mail address or user name, whatever the issuer.
        package var name: String?
        /// The beginning of the key, 8 bytes.
        package var handle: [UInt8]?

        package init() {}
    }

    package let marks: Marks
    /// Who signs in later begins a session that is not meant. A store makes it later where `SessionStore.beginning` has run ahead.
    package let endedAt: UnixTime
    package let rememberUntil: UnixTime

    package init(marks: Marks, endedAt: UnixTime, rememberUntil: UnixTime) {
        self.marks = marks
        self.endedAt = endedAt
        self.rememberUntil = rememberUntil
    }
}

extension SessionEnding.Marks {
    package init(_ selection: SessionSelection) {
        self.init()
        switch selection {
        case .all: break
        case .user(let issuer, let subject): (self.issuer, self.subject) = (issuer, subject)
        case .named(let name): self.name = name
        case .handle(let bytes): handle = bytes
        case .providerSession(let issuer, let id): (self.issuer, providerSessionID) = (issuer, id)
        }
    }

    package init(_ notice: SignOutNotice) {
        self.init()
        (issuer, subject, providerSessionID) = (notice.issuer, notice.subject, notice.providerSessionID)
    }

    /// As stores keep it, under its SHA-256: the same for the same marks.
    package var json: JSONValue {
        var members = JSONObject()
        members["iss"] = issuer.map { .string($0) }
        members["sub"] = subject.map { .string($0) }
        members["sid"] = providerSessionID.map { .string($0) }
        members["name"] = name.map { .string($0) }
        members["handle"] = handle.map { .string(Base64URL.encode($0)) }
        return .object(members)
    }

    /// `nil` for what `json` did not make.
    package init?(json: JSONValue) {
        guard let members = json.object else { return nil }
        self.init()
        issuer = members["iss"]?.string
        subject = members["sub"]?.string
        providerSessionID = members["sid"]?.string
        name = members["name"]?.string
        handle = members["handle"]?.string.flatMap { Base64URL.decode($0) }
    }

    /// 32 bytes.
    package var digest: [UInt8] { sha256(json.jsonBytes) }

    /// Whether the session has them, whenever it began.
    package func fit(_ session: Session) -> Bool {
        let identity = session.identity
        return isMet(subject, by: identity.subject) && isMet(providerSessionID, by: session.providerSessionID)
            && isMet(issuer, by: identity.issuer) && handle.map { session.key.digest.starts(with: $0) } ?? true
            && (name == nil || session.names.contains { isMet(name, by: $0) })
    }

    /// By bytes: names that only look alike are two.
    private func isMet(_ mark: String?, by value: String?) -> Bool {
        guard let mark else { return true }
        return value.map { $0.utf8.elementsEqual(mark.utf8) } ?? false
    }
}

extension Session {
    /// All marks that mean this session; a store has to look for these, and for no others.
    package var possibleMarks: [SessionEnding.Marks] {
        var selections: [SessionSelection] = [
            .all, .user(issuer: identity.issuer, subject: identity.subject),
            .handle(Array(key.digest.prefix(SessionKey.handleLength))),
        ]
        selections += names.map { .named($0) }
        var marks = selections.map { SessionEnding.Marks($0) }
        guard let id = providerSessionID else { return marks }
        marks.append(.init(.providerSession(issuer: identity.issuer, id: id)))
        var both = SessionEnding.Marks()
        (both.issuer, both.subject, both.providerSessionID) = (identity.issuer, identity.subject, id)
        marks.append(both)
        return marks
    }

    /// What administrators may call the person.
    fileprivate var names: [String] {
        [identity.subject, identity.email, identity.preferredUsername].compactMap { $0 }
    }
}

/// A session that was ended, and what its provider gave for it.
package struct EndedSession: Sendable {
    package let key: SessionKey
    package let providerID: String
    /// The provider's `sid`.
    package let providerSessionID: String?
    package var refreshToken: Secret?
    /// As `Session.sealedTokens`.
    package var sealedTokens: [UInt8]?

    package init(key: SessionKey, providerID: String, providerSessionID: String?, refreshToken: Secret?) {
        self.key = key
        self.providerID = providerID
        self.providerSessionID = providerSessionID
        self.refreshToken = refreshToken
    }
}

extension EndedSession {
    package init(_ session: Session) {
        self.init(
            key: session.key, providerID: session.providerID, providerSessionID: session.providerSessionID,
            refreshToken: session.refreshToken)
        sealedTokens = session.sealedTokens
    }
}
