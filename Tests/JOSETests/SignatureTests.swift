import JOSE
import Testing

struct SignatureTests {
    @Test(arguments: SignatureAlgorithm.allCases)
    func verifiesWhatItSigned(algorithm: SignatureAlgorithm) throws {
        let key = try SigningKey.generate(algorithm)
        let token = try JSONWebSignature.sign(JSONObject([("sub", "somebody")]), type: "JWT", with: key)
        let parsed = try JSONWebSignature(compact: token)
        #expect(parsed.isSigned(by: key.published, algorithm: algorithm))
        #expect(parsed.claims["sub"] == "somebody")
        #expect(parsed.keyID == key.id)
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func refusesAnotherKeysSignature(algorithm: SignatureAlgorithm) throws {
        let token = try JSONWebSignature.sign(JSONObject(), type: "JWT", with: SigningKey.generate(algorithm))
        let other = try SigningKey.generate(algorithm)
        #expect(try !JSONWebSignature(compact: token).isSigned(by: other.published, algorithm: algorithm))
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func survivesTheStore(algorithm: SignatureAlgorithm) throws {
        let key = try SigningKey.generate(algorithm)
        let again = try SigningKey(stored: key.stored, algorithm: algorithm)
        #expect(again.id == key.id)
    }

    @Test func readsItsOwnPublishedKeys() throws {
        let keys = try SignatureAlgorithm.allCases.map { try SigningKey.generate($0).published }
        let set = try #require(JSONWebKeySet(json: JSONWebKeySet(keys: keys).json))
        #expect(set.keys.map(\.id) == keys.map(\.id))
    }

    @Test func anUnknownKeyIDFindsNoKey() throws {
        let set = JSONWebKeySet(keys: [try SigningKey.generate(.es256).published])
        #expect(set.key(id: "another", algorithm: .es256) == nil)
        #expect(set.key(id: nil, algorithm: .es256) != nil)
        #expect(set.key(id: nil, algorithm: .rs256) == nil)
    }

    /// RFC 7638 §3.1: the thumbprint of the RSA key printed there.
    @Test func thumbprintIsThatOfTheRFC() throws {
        let modulus =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
        let key = try #require(JSONWebKey(json: ["kty": "RSA", "n": .string(modulus), "e": "AQAB", "alg": "RS256"]))
        #expect(key.key.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    }

    @Test(
        arguments: [
            ["kty": "oct", "k": "AAAA"], ["kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"],
            ["kty": "RSA", "n": "AQAB", "e": "AQAB"], ["kty": "EC", "crv": "P-521"],
        ] as [JSONValue])
    func ignoresKeysThatCannotServe(json: JSONValue) {
        #expect(JSONWebKey(json: json) == nil)
    }
}
