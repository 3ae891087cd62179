/// What a rule asks of a request beyond host, path and method; an empty list asks nothing.
package struct RequestConditions: Sendable, Equatable {
    /// All of these have to hold.
    package var headers: [HeaderRequirement]
    /// The client's address is in one of these.
    package var networks: [CIDRBlock]
    /// It is in one of these.
    package var times: [TimeRange]

    package var isEmpty: Bool { headers.isEmpty && networks.isEmpty && times.isEmpty }
}

/// What is asked of one request header.
package struct HeaderRequirement: Sendable, Equatable {
    package enum Value: Sendable, Equatable {
        case present
        case absent
        /// One of these; `*` in them stands for anything.
        case oneOf([String])
    }

    /// Lower case.
    package var name: String
    package var value: Value
}

/// Hours of some days of the week, in a zone that is a fixed distance from UTC.
package struct TimeRange: Sendable, Equatable {
    package enum Day: String, Sendable, CaseIterable {
        case sun, mon, tue, wed, thu, fri, sat
    }

    package var days: [Day]
    /// Seconds since midnight.
    package var from: Int64
    /// Before `from` where the range ends on the day after.
    package var to: Int64
    /// Seconds ahead of UTC.
    package var zone: Int64
}
