import JOSE
import Web

/// The new password of a form, which asks for it twice.
struct NewPasswordForm {
    let fields: FormFields

    enum Outcome {
        case hashed(Secret)
        /// What is wrong with it, for the reader.
        case refused(String)
        case busy
    }

    var old: Secret { Secret(utf8: fields.first(PasswordPage.oldField) ?? "") }
    var new: Secret { Secret(utf8: fields.first(PasswordPage.newField) ?? "") }

    func hashed(by passwords: any PasswordHashing, _ texts: PasswordTexts) async -> Outcome {
        guard new.matches(Secret(utf8: fields.first(PasswordPage.repeatedField) ?? "")) else { return .refused(texts.notTheSame) }
        switch await passwords.hash(new) {
        case .hashed(let hash): return .hashed(hash)
        case .refused(let refusal): return .refused(texts.sentence(refusal))
        case .busy: return .busy
        }
    }
}

extension PasswordTexts {
    fileprivate func sentence(_ refusal: PasswordRefusal) -> String {
        switch refusal {
        case .tooShort(let count): tooShort(count)
        case .tooLong(let count): tooLong(count)
        case .listed: refused
        case .unusable: unusable
        }
    }
}
