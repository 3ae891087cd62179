import CLDAP

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Between the library's memory and our values.
enum LDAPStrings {
    /// Calls `body` with a C array of the texts, which ends in nil.
    static func withArray<Result>(
        _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Result
    ) -> Result {
        var pointers = texts.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress) }
    }

    /// The entries of a result, without its referrals.
    static func entries(in result: OpaquePointer?, _ handle: OpaquePointer) -> [LDAPEntry] {
        var entries: [LDAPEntry] = []
        var message = result.flatMap { ldap_first_entry(handle, $0) }
        while let current = message {
            if let dn = ldap_get_dn(handle, current) {
                entries.append(LDAPEntry(dn: String(cString: dn), attributes: attributes(of: current, handle)))
                ldap_memfree(dn)
            }
            message = ldap_next_entry(handle, current)
        }
        return entries
    }

    private static func attributes(of message: OpaquePointer, _ handle: OpaquePointer) -> [String: [[UInt8]]] {
        var attributes: [String: [[UInt8]]] = [:]
        var position: OpaquePointer?
        var name = ldap_first_attribute(handle, message, &position)
        while let current = name {
            attributes[String(cString: current).lowercased(), default: []] += values(of: current, in: message, handle)
            ldap_memfree(current)
            name = ldap_next_attribute(handle, message, position)
        }
        ber_free(position, 0)
        return attributes
    }

    private static func values(
        of name: UnsafePointer<CChar>, in message: OpaquePointer, _ handle: OpaquePointer
    ) -> [[UInt8]] {
        guard let list = ldap_get_values_len(handle, message, name) else { return [] }
        defer { ldap_value_free_len(list) }
        var values: [[UInt8]] = []
        while let value = list[values.count] {
            let bytes = UnsafeRawBufferPointer(start: value.pointee.bv_val, count: Int(clamping: value.pointee.bv_len))
            values.append(Array(bytes))
        }
        return values
    }
}
