import AuthService
import FoundationEssentials
import GRDB

extension SessionSelection {
    /// The condition on rows of `sessions`.
    var condition: (sql: String, arguments: StatementArguments) {
        switch self {
        case .all: ("1", [])
        case .user(let issuer, let subject): ("subject = ? AND issuer = ?", [subject, issuer])
        case .named(let name):
            (
                "? IN (subject, json_extract(claims, '$.email'), json_extract(claims, '$.preferred_username'))", [name]
            )
        case .handle(let bytes):
            (
                "key BETWEEN ? AND ?",
                [Data(bytes), Data(bytes + Array(repeating: UInt8.max, count: max(0, 32 - bytes.count)))]
            )
        case .providerSession(let issuer, let id): ("provider_session = ? AND issuer = ?", [id, issuer])
        }
    }
}
