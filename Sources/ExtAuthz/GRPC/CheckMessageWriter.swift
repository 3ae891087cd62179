package import AuthService
import EnvoyAPI
import JOSE
import SwiftProtobuf
import Web

/// Turns a decision into the bytes of Envoy's `CheckResponse`.
package enum CheckMessageWriter {
    /// A denial with status 500, as bytes: what goes out when a reply cannot be serialised.
    static let closed: [UInt8] = [0x0a, 0x02, 0x08, 0x0e, 0x12, 0x05, 0x0a, 0x03, 0x08, 0xf4, 0x03]

    package static func bytes(_ decision: Decision) -> [UInt8] {
        var bytes: [UInt8] = []
        write(GRPCReply(decision), to: &bytes)
        return bytes
    }

    static func write(_ reply: GRPCReply, to bytes: inout [UInt8]) {
        switch reply {
        case .message(let message): bytes.append(contentsOf: message)
        case .allow(let allow): allow.write(to: &bytes)
        }
    }

    static func deny(_ response: WebResponse, _ kind: Rejection.Kind) -> [UInt8] {
        // A protobuf string has to be UTF-8; a page that is not would come out garbled, or not at all.
        guard let body = String(validating: response.body, as: UTF8.self) else {
            return deny(Refusal.internalError.response, .unavailable)
        }
        var denied = EnvoyDeniedHttpResponse()
        denied.status.code = Int32(clamping: response.status)
        denied.headers = response.headers.fields.filter { $0.name != "content-length" }.map { adding($0.name, $0.value) }
        denied.body = body
        let message = EnvoyCheckResponse.with {
            $0.status.code = code(kind)
            $0.deniedResponse = denied
        }
        return (try? message.serializedBytes()) ?? closed
    }

    /// Envoy reads every code but 0 as a denial (`google.rpc.Code`).
    private static func code(_ kind: Rejection.Kind) -> Int32 {
        switch kind {
        case .unauthenticated: 16
        case .forbidden: 7
        case .invalidRequest: 3
        case .unavailable: 14
        }
    }

    /// What is the same for every accept with this grant: the content of `ok_response`, and that of the metadata but the rule.
    static func written(_ grant: AcceptedGrant) -> WrittenGrant {
        var ok = EnvoyOkHttpResponse()
        ok.headers = grant.headersToSet.map(overwriting)
        ok.headersToRemove = grant.headersToRemove
        let headers: [UInt8]? = try? ok.serializedBytes()
        let metadata: [UInt8]? = grant.metadata.isEmpty ? [] : try? MetadataStruct.make(grant.metadata).serializedBytes()
        return WrittenGrant(
            headers: headers ?? [], metadata: metadata ?? [],
            isSound: headers != nil && metadata != nil && Verdict.isWritable(grant))
    }

    /// The content of an `ok_response` with these alone; put behind another one's it adds to it.
    static func cookies(_ cookies: [String], removing names: [String]) -> [UInt8]? {
        var ok = EnvoyOkHttpResponse()
        ok.headersToRemove = names
        ok.responseHeadersToAdd = cookies.map { adding("set-cookie", $0) }
        return try? ok.serializedBytes()
    }

    /// For the application: ours in place of the client's. Both ways of saying so, for every version of Envoy.
    private static func overwriting(_ header: Accepted.Header) -> EnvoyHeaderValueOption {
        .with {
            $0.header.key = header.name
            $0.header.value = header.value
            $0.append = Google_Protobuf_BoolValue(false)
            $0.appendAction = .overwriteIfExistsOrAdd
            $0.keepEmptyValue = header.value.isEmpty
        }
    }

    /// For the client: `append` stays unset, or a denial would lose all but one Set-Cookie.
    private static func adding(_ name: String, _ value: String) -> EnvoyHeaderValueOption {
        .with {
            $0.header.key = name
            $0.header.value = value
        }
    }
}
