import JOSE

/// For how long a certificate counts.
struct CertificateValidity {
    private let validity: ClosedRange<UnixTime>
    private let now: UnixTime

    private static let day: Int64 = 86400
    /// Days before its end in which it should have been renewed: a third of a short one, three weeks of any other.
    private static let ahead: Int64 = 21

    init(_ certificate: Certificate, _ now: UnixTime) {
        validity = certificate.validity
        self.now = now
    }

    /// `it goes on for 12 days`
    var text: String { "and counts for \(left / Self.day) more days" }

    private var left: Int64 { validity.upperBound.since(now) }

    private var endsSoon: Bool {
        left < min(Self.ahead * Self.day, validity.upperBound.since(validity.lowerBound) / 3)
    }

    /// nil where there is nothing to say.
    func finding(_ subject: String, whose: String) -> Finding? {
        if now > validity.upperBound {
            return .failure(
                subject, "\(whose) certificate expired \(Self.text(-left)) ago", mend: "renew it, and look why nobody did")
        }
        if now < validity.lowerBound {
            return .failure(
                subject, "\(whose) certificate counts only in \(Self.text(validity.lowerBound.since(now)))",
                mend: "set this machine's clock, or wait")
        }
        guard endsSoon else { return nil }
        return .warning(subject, "\(whose) certificate expires in \(Self.text(left))", mend: "renew it")
    }

    private static func text(_ seconds: Int64) -> String {
        seconds >= 2 * day ? "\(seconds / day) days" : seconds >= 7200 ? "\(seconds / 3600) hours" : "\(seconds / 60) minutes"
    }
}
