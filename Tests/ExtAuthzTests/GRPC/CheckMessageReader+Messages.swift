import AuthService
import EnvoyAPI
import ExtAuthz
import SwiftProtobuf

extension CheckMessageReader {
    func read(_ message: EnvoyCheckRequest) throws -> CheckRequest { try read(message.serializedBytes() as [UInt8]) }
}
