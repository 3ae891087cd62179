import GRPCCore
import GRPCNIOTransportHTTP2Posix

extension NullServer {
    static func serveWithGRPCSwift(port: Int) async throws {
        let server = GRPCServer(
            transport: .http2NIOPosix(address: .ipv4(host: "127.0.0.1", port: port), transportSecurity: .plaintext),
            services: [NullAuthorization()])
        try await server.serve()
    }
}

/// Envoy's authorization service, without protobuf: the messages stay the bytes that they are, and the answer is empty.
private struct NullAuthorization: RegistrableRPCService {
    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerHandler(
            forMethod: MethodDescriptor(fullyQualifiedService: "envoy.service.auth.v3.Authorization", method: "Check"),
            deserializer: RawBytes(), serializer: RawBytes()
        ) { request, _ in
            _ = try await ServerRequest(stream: request)
            return StreamingServerResponse(single: ServerResponse(message: []))
        }
    }
}

private struct RawBytes: MessageSerializer, MessageDeserializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }

    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> [UInt8] { bytes.withUnsafeBytes { Array($0) } }
}
