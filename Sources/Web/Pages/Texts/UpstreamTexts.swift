/// What the pages say when a sign-in elsewhere has led to nothing. `{connector}` stands for the name of where that was.
package struct UpstreamTexts: Sendable {
    package let language: Language
    /// It was cancelled or refused there.
    let denied: PageTexts.Message
    /// There is no e-mail address that is known to be the person's.
    let email: PageTexts.Message

    package static func of(_ language: Language) -> UpstreamTexts {
        switch language {
        case .english: .english
        case .german: .german
        case .french: .french
        case .spanish: .spanish
        case .italian: .italian
        case .portuguese: .portuguese
        case .greek: .greek
        case .japanese: .japanese
        case .chinese: .chinese
        case .arabic: .arabic
        }
    }

    package func denied(_ connector: String) -> PageTexts.Message { filled(denied, connector) }
    package func email(_ connector: String) -> PageTexts.Message { filled(email, connector) }

    private func filled(_ message: PageTexts.Message, _ connector: String) -> PageTexts.Message {
        let name = language.direction == .rightToLeft ? "\u{2068}\(connector)\u{2069}" : connector
        var message = message
        message.sentence = message.sentence.filled("{connector}", name)
        message.advice = message.advice.filled("{connector}", name)
        return message
    }
}

extension UpstreamTexts {
    static let english = UpstreamTexts(
        language: .english,
        denied: .init(
            heading: "You are not signed in", sentence: "The sign-in at {connector} was cancelled or refused.",
            advice: "Try again. If it is refused each time, ask those who look after your account there."),
        email: .init(
            heading: "Your e-mail address is not known to be yours",
            sentence: "{connector} tells no e-mail address of yours that it has verified.",
            advice: "Have your address verified at {connector}, then sign in again."))

    static let german = UpstreamTexts(
        language: .german,
        denied: .init(
            heading: "Sie sind nicht angemeldet", sentence: "Die Anmeldung bei {connector} wurde abgebrochen oder abgelehnt.",
            advice: "Versuchen Sie es noch einmal. Wird sie immer abgelehnt, fragen Sie die Betreuer Ihres Kontos dort."),
        email: .init(
            heading: "Ihre E-Mail-Adresse ist nicht bestätigt",
            sentence: "{connector} nennt keine E-Mail-Adresse von Ihnen, die dort bestätigt ist.",
            advice: "Lassen Sie Ihre Adresse bei {connector} bestätigen und melden Sie sich dann noch einmal an."))

    static let french = UpstreamTexts(
        language: .french,
        denied: .init(
            heading: "Vous n’êtes pas connecté", sentence: "La connexion auprès de {connector} a été annulée ou refusée.",
            advice: "Réessayez. Si elle est refusée à chaque fois, adressez-vous aux responsables de votre compte là-bas."),
        email: .init(
            heading: "Votre adresse e-mail n’est pas vérifiée",
            sentence: "{connector} n’indique aucune adresse e-mail vérifiée à votre nom.",
            advice: "Faites vérifier votre adresse auprès de {connector}, puis reconnectez-vous."))

    static let spanish = UpstreamTexts(
        language: .spanish,
        denied: .init(
            heading: "No ha iniciado sesión", sentence: "El inicio de sesión en {connector} se canceló o fue rechazado.",
            advice: "Inténtelo de nuevo. Si siempre se rechaza, pregunte a los responsables de su cuenta allí."),
        email: .init(
            heading: "Su dirección de correo electrónico no está verificada",
            sentence: "{connector} no indica ninguna dirección suya que haya verificado.",
            advice: "Verifique su dirección en {connector} y vuelva a iniciar sesión."))

    static let greek = UpstreamTexts(
        language: .greek,
        denied: .init(
            heading: "Δεν έχετε συνδεθεί", sentence: "Η σύνδεση μέσω {connector} ακυρώθηκε ή απορρίφθηκε.",
            advice: "Δοκιμάστε ξανά. Αν απορρίπτεται κάθε φορά, ρωτήστε τους υπευθύνους του λογαριασμού σας εκεί."),
        email: .init(
            heading: "Η διεύθυνση e-mail σας δεν έχει επαληθευτεί",
            sentence: "Από {connector} δεν δηλώνεται καμία επαληθευμένη διεύθυνση e-mail σας.",
            advice: "Επαληθεύστε τη διεύθυνσή σας στο {connector} και συνδεθείτε ξανά."))

    static let japanese = UpstreamTexts(
        language: .japanese,
        denied: .init(
            heading: "サインインしていません", sentence: "{connector} でのサインインが取り消されたか、拒否されました。",
            advice: "もう一度お試しください。毎回拒否される場合は、そのアカウントの管理者にお問い合わせください。"),
        email: .init(
            heading: "メールアドレスが確認されていません", sentence: "{connector} から、確認済みのメールアドレスが得られませんでした。",
            advice: "{connector} でメールアドレスを確認してから、もう一度サインインしてください。"))

    static let chinese = UpstreamTexts(
        language: .chinese,
        denied: .init(
            heading: "您尚未登录", sentence: "在 {connector} 的登录已被取消或拒绝。", advice: "请重试。如果每次都被拒绝,请询问那里管理您账户的人员。"),
        email: .init(
            heading: "您的电子邮件地址未经验证", sentence: "{connector} 没有提供您已验证的电子邮件地址。",
            advice: "请在 {connector} 验证您的地址,然后重新登录。"))

    static let arabic = UpstreamTexts(
        language: .arabic,
        denied: .init(
            heading: "لم تسجّل الدخول", sentence: "أُلغي تسجيل الدخول عبر {connector} أو رُفض.",
            advice: "حاول مرة أخرى. إذا رُفض في كل مرة فاسأل المسؤولين عن حسابك هناك."),
        email: .init(
            heading: "لم يُتحقَّق من عنوان بريدك الإلكتروني",
            sentence: "لا يذكر {connector} أي عنوان بريد إلكتروني لك تم التحقق منه.",
            advice: "تحقّق من عنوانك لدى {connector} ثم سجّل الدخول مرة أخرى."))
}
