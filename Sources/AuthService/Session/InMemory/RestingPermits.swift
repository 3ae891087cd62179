import JOSE
import Web

/// Under which rule a request came, and in what form it is answered.
struct GrantQuestion: Sendable {
    /// The rule's number.
    let rule: Int
    let tenant: String?
    let form: GrantForm
}

/// That a rule lets a person in, and with what, while their session rests.
struct RestingPermit: Sendable {
    let rule: Int
    let tenant: String?
    let until: UnixTime
    let grant: AcceptedGrant
}

/// A grant where it was found, to be unfolded when nobody else has to wait for it.
struct FoldedGrant: Sendable {
    let pattern: ReplyPattern
    let folded: ArraySlice<UInt8>
    let session: ArraySlice<UInt8>

    /// `nil`: it cannot be, and has to be made anew.
    func unfolded() -> AcceptedGrant? {
        pattern.unfolded(folded, with: session).map { AcceptedGrant([pattern.form: $0], names: pattern.names) }
    }
}

// A permit: how long it is, the rule, the tenant, until when, and the forms in which its grant was written, each with its pattern.

extension PackedWriter {
    /// - Parameter session: the packed session that the grants are folded with.
    mutating func write(
        _ permits: [RestingPermit], since beginning: UnixTime, _ session: [UInt8], _ patterns: inout ReplyPatterns
    ) {
        for permit in permits {
            var one = PackedWriter()
            one.write(Int64(permit.rule))
            one.write(permit.tenant) { $0.write($1) }
            one.write(permit.until.seconds &- beginning.seconds)
            guard one.write(permit.grant, session, &patterns) else { continue }
            write(one.bytes)
        }
    }

    /// - Returns: whether the grant had been written in any form, or it need not be kept.
    private mutating func write(_ grant: AcceptedGrant, _ session: [UInt8], _ patterns: inout ReplyPatterns) -> Bool {
        var isWorthwhile = false
        for form in GrantForm.allCases {
            guard let written = grant.written(in: form), written.isSound,
                let number = patterns.number(for: written, in: form, names: grant.headerNames),
                let folded = patterns[UInt64(truncatingIfNeeded: number)]?.folded(written, with: session)
            else { continue }
            isWorthwhile = true
            write(count: number)
            write(folded)
        }
        return isWorthwhile
    }
}

extension PackedReader {
    /// The grant of one permit, if the next is for that rule and tenant, and still holds.
    mutating func grant(
        _ question: GrantQuestion, since beginning: UnixTime, now: UnixTime, _ session: ArraySlice<UInt8>,
        _ patterns: ReplyPatterns
    ) throws(Damaged) -> FoldedGrant? {
        while !isAtEnd {
            var one = PackedReader(try byteSlice())
            guard try one.integer() == Int64(question.rule) else { continue }
            let tenant = try one.optional { (reader) throws(Damaged) in try reader.text() }
            guard isSame(tenant, question.tenant) else { continue }
            guard now.seconds < beginning.seconds &+ (try one.integer()) else { return nil }
            while !one.isAtEnd {
                let (number, folded) = (try one.unsigned(), try one.byteSlice())
                guard let pattern = patterns[number], pattern.form == question.form else { continue }
                return FoldedGrant(pattern: pattern, folded: folded, session: session)
            }
            return nil
        }
        return nil
    }

    /// All permits, with their grants unfolded.
    mutating func permits(
        since beginning: UnixTime, _ session: ArraySlice<UInt8>, _ patterns: ReplyPatterns
    ) throws(Damaged) -> [RestingPermit] {
        var permits: [RestingPermit] = []
        while !isAtEnd {
            var one = PackedReader(try byteSlice())
            guard let rule = Int(exactly: try one.integer()) else { throw Damaged() }
            let tenant = try one.optional { (reader) throws(Damaged) in try reader.text() }
            let until = UnixTime(seconds: beginning.seconds &+ (try one.integer()))
            guard let grant = try one.grant(session, patterns) else { continue }
            permits.append(RestingPermit(rule: rule, tenant: tenant, until: until, grant: grant))
        }
        return permits
    }

    /// In all forms that it was written in.
    private mutating func grant(_ session: ArraySlice<UInt8>, _ patterns: ReplyPatterns) throws(Damaged) -> AcceptedGrant? {
        var written: [GrantForm: WrittenGrant] = [:]
        var names: GrantNames?
        while !isAtEnd {
            let (number, folded) = (try unsigned(), try byteSlice())
            guard let pattern = patterns[number] else { throw Damaged() }
            written[pattern.form] = pattern.unfolded(folded, with: session)
            names = pattern.names
        }
        return names.map { AcceptedGrant(written, names: $0) }
    }
}

/// By bytes: names that only look alike are two.
private func isSame(_ one: String?, _ other: String?) -> Bool {
    guard let one, let other else { return one == nil && other == nil }
    return sameBytes(one, other)
}
