package import JOSE
import Yams

/// `provider.mfa.passkeys`
enum PasskeySection {
    static let enabled = Key.defaulted(
        "enabled", .boolean(), true,
        "Whether people can set up passkeys and sign in with them. Needs an issuer with a host name, on https or localhost.")
    static let rpID = Key.optional(
        "rpID", hostShape,
        "The relying party's id, to which passkeys are bound for good: the issuer's host, or a domain that it ends in.")
    static let rpName = Key.optional("rpName", .text(), "What authenticators show; the relying party's id without it.")
    static let userVerification = Key.defaulted(
        "userVerification", .choice(), PasskeySettings.UserVerification.preferred,
        "Whether a passkey has to ask for a PIN or a finger after a password. Alone it always has to.")
    static let attestationRoots = Key.optional(
        "attestationRoots", certificateFile,
        "PEM: only authenticators that one of these certificates vouches for can be set up; all without it.")

    static let section = Section(
        "passkeys",
        [enabled.listed, rpID.listed, rpName.listed, userVerification.listed, attestationRoots.listed]
    ) { fields in
        PasskeySettings(
            isEnabled: fields(enabled), rpID: fields(rpID), rpName: fields(rpName), userVerification: fields(userVerification),
            attestationRoots: fields(attestationRoots) ?? [])
    }

    private static let hostShape = Shape<String>.text().then { text, node, reading -> String? in
        guard let host = HostName.parse(text[...]), HostName.address(host) == nil else {
            return reading.refuse("\(quoted(text)) is not a host name", "write it like `login.example.com`", node)
        }
        return host
    }

    private static let certificateFile = Shape<String>.file().then { path, node, reading -> [Certificate]? in
        let bytes: [UInt8]
        do throws(ConfigurationSources.Failure) { bytes = try reading.sources.file(path, 1 << 20).bytes } catch {
            return reading.refuse(
                "the certificates \(quoted(path)) cannot be read (\(error.reason))", "make the file, or correct the path", node)
        }
        guard let certificates = Certificate.all(inPEM: bytes), !certificates.isEmpty else {
            return reading.refuse(
                "\(quoted(path)) holds no certificates", "write them as PEM, one after another", node)
        }
        return certificates
    }
}

/// Passkeys (WebAuthn).
package struct PasskeySettings: Sendable {
    package enum UserVerification: String, Sendable, CaseIterable {
        case required, preferred, discouraged
    }

    package var isEnabled: Bool
    /// nil: the issuer's host.
    package var rpID: String?
    package var rpName: String?
    package var userVerification: UserVerification
    /// Empty: any authenticator.
    package var attestationRoots: [Certificate]

    /// The relying party's id for an issuer; nil: there can be no passkeys, or there shall be none.
    package func relyingPartyID(for issuer: ConfiguredURL) -> String? {
        guard isEnabled, issuer.isSecure || issuer.isLoopback, HostName.address(issuer.host) == nil else { return nil }
        return rpID ?? issuer.host
    }
}
