import CLDAP

/// The pages of one search (RFC 2696). A server that knows none gives all entries at once.
struct LDAPPaging {
    private let handle: OpaquePointer
    private var cookie: [UInt8] = []
    private(set) var hasMore = false

    private static let size: ber_int_t = 500

    init(_ handle: OpaquePointer) { self.handle = handle }

    /// Runs `search` with the control for the next page; nil where it could not be made.
    func run(
        _ search: (UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?) -> Int32
    ) -> Int32 {
        var cookie = self.cookie.map { CChar(bitPattern: $0) }
        var control: UnsafeMutablePointer<LDAPControl>?
        let made = cookie.withUnsafeMutableBufferPointer { buffer in
            var value = berval(bv_len: ber_len_t(buffer.count), bv_val: buffer.baseAddress)
            // Not critical: without pages there are still entries.
            return withUnsafeMutablePointer(to: &value) { value in
                ldap_create_page_control(handle, Self.size, buffer.isEmpty ? nil : value, 0, &control)
            }
        }
        guard made == LDAP_SUCCESS, let control else { return search(nil) }
        defer { ldap_control_free(control) }
        var controls: [UnsafeMutablePointer<LDAPControl>?] = [control, nil]
        return controls.withUnsafeMutableBufferPointer { search($0.baseAddress) }
    }

    /// Reads from a result where the next page begins.
    mutating func advance(behind result: OpaquePointer?) {
        hasMore = false
        cookie = []
        var controls: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?
        guard ldap_parse_result(handle, result, nil, nil, nil, nil, &controls, 0) == LDAP_SUCCESS, let controls else { return }
        defer { ldap_controls_free(controls) }
        guard let control = ldap_control_find("1.2.840.113556.1.4.319", controls, nil) else { return }
        var count: ber_int_t = 0
        var next = berval()
        guard ldap_parse_pageresponse_control(handle, control, &count, &next) == LDAP_SUCCESS else { return }
        defer { ber_memfree(next.bv_val) }
        guard let bytes = next.bv_val, next.bv_len > 0 else { return }
        cookie = UnsafeRawBufferPointer(start: bytes, count: Int(clamping: next.bv_len)).map { $0 }
        hasMore = true
    }
}
