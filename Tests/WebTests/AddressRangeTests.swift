import Testing
import Web

struct AddressRangeTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true),
        ("10.0.0.0/8", "11.0.0.1", false),
        ("10.0.0.0/8", "::ffff:10.1.2.3", true),
        ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.8", false),
        ("192.0.2.7/32", "192.0.2.7", true),
        ("0.0.0.0/0", "203.0.113.9", true),
        ("0.0.0.0/0", "2001:db8::1", false),
        ("::/0", "203.0.113.9", true),
        ("fd00::/8", "fd12::1", true),
        ("fd00::/8", "fe80::1", false),
        ("::1", "::1", true),
        ("::1", "127.0.0.1", false),
        ("fe80::/10", "fe80::1%eth0", true),
        ("::ffff:10.0.0.0/104", "10.9.9.9", true),
    ])
    func membership(range: String, address: String, isInside: Bool) throws {
        let range = try #require(AddressRange(range))
        let address = try #require(IPAddress(address))
        #expect(range.contains(address) == isInside)
    }

    @Test(arguments: [
        "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.1/8", "10.0.0", "::/129",
        "localhost", "[::1]", "10.0.0.0:80", "010.0.0.0.0", " 10.0.0.0/8", "10.0.0.0/0008", "10.0.0.0/99999999999999999999",
    ])
    func malformedIsRefused(text: String) {
        #expect(AddressRange(text) == nil)
    }
}
