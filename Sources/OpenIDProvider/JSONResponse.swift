import Accounts
import JOSE
import OpenIDConnect
import Web

/// The JSON answers of the endpoints that programs call.
enum JSONResponse {
    /// An answer that nobody may keep (RFC 6749 §5.1).
    static func uncached(_ json: JSONValue, status: Int = 200) -> WebResponse {
        response(json.jsonBytes, status: status, cacheControl: "no-store")
    }

    /// An answer that everybody may keep for `maxAge` seconds.
    static func cached(_ json: [UInt8], maxAge: Int) -> WebResponse {
        response(json, status: 200, cacheControl: "public, max-age=\(maxAge)")
    }

    /// - Parameter reference: what the audit line has, too; told beside the RFC's members.
    static func error(_ error: OAuthError, status: Int, reference: Reference? = nil) -> WebResponse {
        var members = JSONObject([
            ("error", .string(error.code.rawValue)), ("error_description", .string(error.description)),
        ])
        members["reference"] = reference.map { .string($0.text) }
        return uncached(.object(members), status: status)
    }

    private static func response(_ json: [UInt8], status: Int, cacheControl: String) -> WebResponse {
        var headers: HeaderList = [
            "content-type": "application/json", "cache-control": cacheControl, "x-content-type-options": "nosniff",
        ]
        if cacheControl == "no-store" { headers.add("pragma", "no-cache") }
        return WebResponse(status: status, headers: headers, body: json)
    }
}
