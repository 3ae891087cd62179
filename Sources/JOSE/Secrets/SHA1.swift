import Crypto

/// The SHA-1 digest, 20 bytes: for lists of passwords, which others publish in this form. Protects nothing.
package func sha1(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    Array(Insecure.SHA1.hash(data: Array(bytes)))
}
