import AuthService
import EnvoyAPI
import ExtAuthz
import NIOCore
import SwiftProtobuf

extension CheckMessageReader {
    func read(_ bytes: [UInt8]) throws(Refusal) -> CheckRequest { try read(ByteBuffer(bytes: bytes)) }

    func read(_ message: EnvoyCheckRequest) throws -> CheckRequest { try read(message.serializedBytes() as [UInt8]) }
}
