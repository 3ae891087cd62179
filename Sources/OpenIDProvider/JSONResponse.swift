import JOSE
import OpenIDConnect
import Web

/// The JSON answers of the endpoints that programs call.
enum JSONResponse {
    /// An answer that nobody may keep (RFC 6749 §5.1).
    static func uncached(_ json: JSONValue, status: Int = 200) -> WebResponse {
        response(json, status: status, cacheControl: "no-store")
    }

    /// An answer that everybody may keep for `maxAge` seconds.
    static func cached(_ json: JSONValue, maxAge: Int) -> WebResponse {
        response(json, status: 200, cacheControl: "public, max-age=\(maxAge)")
    }

    static func error(_ error: OAuthError, status: Int) -> WebResponse { uncached(error.json, status: status) }

    private static func response(_ json: JSONValue, status: Int, cacheControl: String) -> WebResponse {
        var headers: HeaderList = [
            "content-type": "application/json", "cache-control": cacheControl, "x-content-type-options": "nosniff",
        ]
        if cacheControl == "no-store" { headers.add("pragma", "no-cache") }
        return WebResponse(status: status, headers: headers, body: json.jsonBytes)
    }
}
