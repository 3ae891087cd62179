/// What the pages say about tokens and passwords that come with a request.
package struct CredentialTexts: Sendable {
    package let refused: PageTexts.Message
    package let tooMany: PageTexts.Message
}

extension PageTexts {
    package var credentials: CredentialTexts {
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
}

extension CredentialTexts {
    fileprivate static let english = CredentialTexts(
        refused: .init(
            heading: "This credential is not accepted",
            sentence: "The token or password that came with the request is not valid here.",
            advice: "Get a new one, or leave it out and sign in."),
        tooMany: .init(
            heading: "Too many attempts", sentence: "There have been too many wrong tokens or passwords.",
            advice: "Wait a little, then try again."))

    fileprivate static let german = CredentialTexts(
        refused: .init(
            heading: "Dieser Nachweis gilt hier nicht",
            sentence: "Das Token oder Passwort, das mit der Anfrage kam, ist hier nicht gültig.",
            advice: "Besorgen Sie ein neues, oder lassen Sie es weg und melden Sie sich an."),
        tooMany: .init(
            heading: "Zu viele Versuche", sentence: "Es gab zu viele falsche Tokens oder Passwörter.",
            advice: "Warten Sie ein wenig und versuchen Sie es dann noch einmal."))

    fileprivate static let french = CredentialTexts(
        refused: .init(
            heading: "Cet identifiant n’est pas accepté",
            sentence: "Le jeton ou le mot de passe joint à la requête n’est pas valable ici.",
            advice: "Obtenez-en un nouveau, ou retirez-le et connectez-vous."),
        tooMany: .init(
            heading: "Trop de tentatives", sentence: "Il y a eu trop de jetons ou de mots de passe erronés.",
            advice: "Patientez un peu, puis réessayez."))

    fileprivate static let spanish = CredentialTexts(
        refused: .init(
            heading: "Esta credencial no se acepta",
            sentence: "El token o la contraseña que vino con la petición no es válido aquí.",
            advice: "Consiga uno nuevo, o quítelo e inicie sesión."),
        tooMany: .init(
            heading: "Demasiados intentos", sentence: "Ha habido demasiados tokens o contraseñas incorrectos.",
            advice: "Espere un poco y vuelva a intentarlo."))

    fileprivate static let greek = CredentialTexts(
        refused: .init(
            heading: "Αυτό το διαπιστευτήριο δεν γίνεται δεκτό",
            sentence: "Το διακριτικό ή ο κωδικός που ήρθε με το αίτημα δεν ισχύει εδώ.",
            advice: "Αποκτήστε ένα νέο ή αφαιρέστε το και συνδεθείτε."),
        tooMany: .init(
            heading: "Πάρα πολλές προσπάθειες", sentence: "Έγιναν πάρα πολλές προσπάθειες με λάθος διακριτικά ή κωδικούς.",
            advice: "Περιμένετε λίγο και δοκιμάστε ξανά."))

    fileprivate static let japanese = CredentialTexts(
        refused: .init(
            heading: "この認証情報は受け付けられません", sentence: "リクエストに含まれるトークンまたはパスワードは、ここでは有効ではありません。",
            advice: "新しいものを取得するか、取り除いてからサインインしてください。"),
        tooMany: .init(
            heading: "試行回数が多すぎます", sentence: "誤ったトークンまたはパスワードが多すぎました。", advice: "しばらく待ってから、もう一度お試しください。"))

    fileprivate static let chinese = CredentialTexts(
        refused: .init(
            heading: "此凭据不被接受", sentence: "请求所带的令牌或密码在此无效。", advice: "请获取新的凭据，或去掉它后登录。"),
        tooMany: .init(heading: "尝试次数过多", sentence: "错误的令牌或密码过多。", advice: "请稍等片刻再试。"))

    fileprivate static let arabic = CredentialTexts(
        refused: .init(
            heading: "بيانات الاعتماد هذه غير مقبولة", sentence: "الرمز أو كلمة المرور المرفقة بالطلب غير صالحة هنا.",
            advice: "احصل على رمز جديد، أو احذفه وسجّل الدخول."),
        tooMany: .init(
            heading: "محاولات كثيرة جدًا", sentence: "كانت هناك رموز أو كلمات مرور خاطئة كثيرة جدًا.",
            advice: "انتظر قليلًا ثم حاول مرة أخرى."))
}
