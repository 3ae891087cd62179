package import JOSE

/// Makes hashes of passwords and compares with them, off the event loops, and knows which passwords are none.
package protocol PasswordHashing: Sendable {
    /// Checks whether the password may be used, and hashes it.
    func hash(_ password: Secret) async -> HashedPassword

    /// Whether the hash is the password's; `nil` where there is too much to do at the moment.
    func matches(_ password: Secret, hash: Secret) async -> Bool?
}

/// What comes of a password that somebody has chosen.
package enum HashedPassword: Sendable {
    case hashed(Secret)
    case refused(PasswordRefusal)
    /// Too much to do at the moment.
    case busy
}

/// Why a password may not be used.
package enum PasswordRefusal: Error, Sendable, Equatable {
    /// It needs so many characters.
    case tooShort(Int)
    /// It may have so many bytes.
    case tooLong(Int)
    /// It is on the list of those that are refused.
    case listed
    /// It holds what no hash takes, such as a zero byte.
    case unusable
}
