import Synchronization

/// How one storage is sealed, for all of its stores: the keys, and whether what was written before there were any is still taken.
///
/// Such values are read, and written sealed. Once a look through the whole storage has found none, that is noted in the storage, and
/// from then on a value in clear is one that somebody has put there: it counts as little as one that no key opens.
package final class StoreSealing: Sendable {
    /// `nil`: nothing is sealed.
    package let keys: RecordKeys?
    private let isClosed = Mutex(false)
    private let lastTold = Mutex<[String: ContinuousClock.Instant]>([:])
    private let tell: @Sendable (String) -> Void

    /// - Parameter tell: is told what cannot be read, once a minute for each kind of records; no secret.
    package init(secrets: [Secret], tell: @escaping @Sendable (String) -> Void = { _ in }) {
        keys = RecordKeys(secrets: secrets)
        self.tell = tell
    }

    package var takesUnsealed: Bool { keys == nil || isClosed.withLock { !$0 } }

    package func refuseUnsealed() { isClosed.withLock { $0 = true } }

    /// Seals a text; as it is where there is no key, or it is sealed already.
    package func sealed(_ text: String, of name: RecordName) throws -> String {
        guard let keys, !text.isEmpty, RecordKeys.sealed(inText: text) == nil else { return text }
        return try keys.sealedText(text, of: name)
    }

    /// The text that was sealed; `nil` for one that does not count.
    package func opened(_ text: String, of name: RecordName) -> String? {
        switch tried(text, of: name) {
        case .success(let opened): opened
        case .failure(let reason): refuse(name.kind, reason)
        }
    }

    /// Why a text does not count; `nil`: it does. Tells nobody.
    package func refusal(of text: String, of name: RecordName) -> Reason? {
        switch tried(text, of: name) {
        case .success: nil
        case .failure(let reason): reason
        }
    }

    private func tried(_ text: String, of name: RecordName) -> Result<String, Reason> {
        guard !text.isEmpty else { return .success(text) }
        guard let sealed = RecordKeys.sealed(inText: text) else {
            return takesUnsealed ? .success(text) : .failure(.inClear)
        }
        guard let value = keys?.open(sealed, of: name)?.value, let opened = String(validating: value, as: UTF8.self) else {
            return .failure(.noKey)
        }
        return .success(opened)
    }

    package enum Reason: String, Error {
        case noKey = "no secret of `storage.secrets` opens it"
        case inClear = "it lies there in clear, and everything was sealed before"
    }

    package func refuse<Value>(_ kind: String, _ reason: Reason) -> Value? {
        note(kind, reason)
        return nil
    }

    /// Tells of a value that does not count.
    package func note(_ kind: String, _ reason: Reason) {
        let now = ContinuousClock.now
        let isTold = lastTold.withLock { told in
            if let last = told[kind], last.advanced(by: .seconds(60)) > now { return true }
            told[kind] = now
            return false
        }
        if !isTold { tell("a value of kind \(kind) in the storage does not count: \(reason.rawValue)") }
    }
}
