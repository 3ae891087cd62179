import Connectors
import Testing

/// RFC 4515: what people type stays a value.
@Suite struct LDAPFilterTests {
    @Test(arguments: [
        ("ada", "ada"), ("*", "\\2a"), (")(uid=*))(|(uid=*", "\\29\\28uid=\\2a\\29\\29\\28|\\28uid=\\2a"), ("a\\b", "a\\5cb"),
        ("\0", "\\00"),
        ("é", "\\c3\\a9"), ("Smith, John", "Smith, John"), ("a\nb", "a\\0ab"), ("", ""),
    ])
    func escapes(_ value: String, _ escaped: String) {
        #expect(LDAPFilter.escaped(value) == escaped)
    }

    @Test func filtersArePutTogether() {
        let one = LDAPFilter.equal("uid", "a*")
        #expect(one == "(uid=a\\2a)")
        #expect(LDAPFilter.any([one]) == one)
        #expect(LDAPFilter.any([one, "(mail=b)"]) == "(|(uid=a\\2a)(mail=b))")
        #expect(LDAPFilter.both("(objectClass=person)", one) == "(&(objectClass=person)(uid=a\\2a))")
        #expect(LDAPFilter.both(nil, one) == one)
    }

    @Test(arguments: [("ff00a1", "(g=\\ff\\00\\a1)"), ("f", nil), ("", nil), ("FF", nil), ("xy", nil), ("ff0*", nil)])
    func hexadecimalDigitsAreBytes(_ digits: String, _ filter: String?) {
        #expect(LDAPFilter.binary("g", digits) == filter)
    }
}
