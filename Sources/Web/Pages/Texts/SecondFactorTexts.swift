/// The sentences around second factors: asked for, set up, taken away.
package struct SecondFactorTexts: Sendable {
    package let language: Language
    package let codeHeading: String
    package let codeSentence: String
    package let code: String
    package let goOn: String
    package let wrongCode: String
    /// `{seconds}` stands for a number.
    let tryAgain: String
    package let enrolmentHeading: String
    package let enrolmentSentence: String
    /// What a screen reader says of the picture.
    package let picture: String
    package let key: String
    package let recoveryHeading: String
    package let recoverySentence: String
    package let listHeading: String
    package let none: String
    package let app: String
    /// `{count}` stands for a number.
    let recoveryCodes: String
    /// `{day}` stands for a date.
    let lastUsed: String
    package let confirmSentence: String
    package let setUp: String
    package let remove: String
    package let newCodes: String
    package let signInAgain: PageTexts.Message

    package static func of(_ language: Language) -> SecondFactorTexts {
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

    package func tryAgain(in seconds: Int64) -> String { tryAgain.filled("{seconds}", "\(seconds)") }
    package func lastUsed(_ day: String) -> String { lastUsed.filled("{day}", day) }
    package func recoveryCodes(_ count: Int) -> String { recoveryCodes.filled("{count}", "\(count)") }
}

extension SecondFactorTexts {
    package static let english = SecondFactorTexts(
        language: .english, codeHeading: "Enter your code",
        codeSentence: "Type the six digits that your authenticator app shows, or one of your recovery codes.",
        code: "One-time code",
        goOn: "Continue", wrongCode: "This code is not right, or it was used already.",
        tryAgain: "There were too many wrong codes. Try again in {seconds} seconds.",
        enrolmentHeading: "Set up an authenticator app",
        enrolmentSentence:
            "Scan the picture with an authenticator app, or type the key into it. Then enter the six digits that the app shows.",
        picture: "QR code with the key", key: "Key:", recoveryHeading: "Your recovery codes",
        recoverySentence:
            "Each of these codes is good once, in place of the app. Keep them where you find them without your phone. They are not shown again.",
        listHeading: "Your second factors", none: "You have not set up a second factor.", app: "Authenticator app",
        recoveryCodes: "Recovery codes left: {count}",
        lastUsed: "Last used: {day}", confirmSentence: "To change something here, enter a code first.",
        setUp: "Set up an authenticator app", remove: "Remove",
        newCodes: "Make new recovery codes",
        signInAgain: .init(
            heading: "Sign in once more first", sentence: "You signed in too long ago to set up a second factor.",
            advice: "Sign out, sign in again from an application, and come back to this page."))

    static let german = SecondFactorTexts(
        language: .german, codeHeading: "Geben Sie Ihren Code ein",
        codeSentence: "Tippen Sie die sechs Ziffern aus Ihrer Authenticator-App ein, oder einen Ihrer Wiederherstellungscodes.",
        code: "Einmalcode", goOn: "Weiter", wrongCode: "Dieser Code ist nicht richtig oder wurde schon benutzt.",
        tryAgain: "Es gab zu viele falsche Codes. Versuchen Sie es in {seconds} Sekunden noch einmal.",
        enrolmentHeading: "Authenticator-App einrichten",
        enrolmentSentence:
            "Scannen Sie das Bild mit einer Authenticator-App, oder tippen Sie den Schlüssel dort ein. Geben Sie dann die sechs Ziffern ein, die die App zeigt.",
        picture: "QR-Code mit dem Schlüssel", key: "Schlüssel:", recoveryHeading: "Ihre Wiederherstellungscodes",
        recoverySentence:
            "Jeder dieser Codes gilt einmal, anstelle der App. Bewahren Sie sie so auf, dass Sie sie ohne Ihr Telefon finden. Sie werden nicht noch einmal gezeigt.",
        listHeading: "Ihre zweiten Faktoren", none: "Sie haben keinen zweiten Faktor eingerichtet.", app: "App mit Einmalcodes",
        recoveryCodes: "Übrige Wiederherstellungscodes: {count}",
        lastUsed: "Zuletzt benutzt: {day}", confirmSentence: "Um hier etwas zu ändern, geben Sie zuerst einen Code ein.",
        setUp: "Authenticator-App einrichten",
        remove: "Entfernen", newCodes: "Neue Wiederherstellungscodes erstellen",
        signInAgain: .init(
            heading: "Melden Sie sich zuerst noch einmal an",
            sentence: "Ihre Anmeldung ist zu lange her, um einen zweiten Faktor einzurichten.",
            advice: "Melden Sie sich ab, von einer Anwendung aus wieder an, und kommen Sie dann auf diese Seite zurück."))

    static let french = SecondFactorTexts(
        language: .french, codeHeading: "Saisissez votre code",
        codeSentence:
            "Saisissez les six chiffres affichés par votre application d’authentification, ou l’un de vos codes de secours.",
        code: "Code à usage unique", goOn: "Continuer", wrongCode: "Ce code n’est pas correct ou a déjà été utilisé.",
        tryAgain: "Trop de codes incorrects. Réessayez dans {seconds} secondes.",
        enrolmentHeading: "Configurer une application d’authentification",
        enrolmentSentence:
            "Scannez l’image avec une application d’authentification, ou saisissez-y la clé. Entrez ensuite les six chiffres qu’elle affiche.",
        picture: "Code QR contenant la clé", key: "Clé :", recoveryHeading: "Vos codes de secours",
        recoverySentence:
            "Chacun de ces codes est valable une fois, à la place de l’application. Conservez-les là où vous les trouverez sans votre téléphone. Ils ne seront plus affichés.",
        listHeading: "Vos seconds facteurs", none: "Vous n’avez configuré aucun second facteur.",
        app: "Application d’authentification", recoveryCodes: "Codes de secours restants : {count}",
        lastUsed: "Dernière utilisation : {day}", confirmSentence: "Pour modifier quelque chose ici, saisissez d’abord un code.",
        setUp: "Configurer une application d’authentification", remove: "Supprimer",
        newCodes: "Créer de nouveaux codes de secours",
        signInAgain: .init(
            heading: "Connectez-vous d’abord à nouveau",
            sentence: "Votre connexion est trop ancienne pour configurer un second facteur.",
            advice: "Déconnectez-vous, reconnectez-vous à partir d’une application, puis revenez sur cette page."))

    static let spanish = SecondFactorTexts(
        language: .spanish, codeHeading: "Introduzca su código",
        codeSentence:
            "Escriba los seis dígitos que muestra su aplicación de autenticación, o uno de sus códigos de recuperación.",
        code: "Código de un solo uso", goOn: "Continuar", wrongCode: "Este código no es correcto o ya se ha usado.",
        tryAgain: "Ha habido demasiados códigos incorrectos. Vuelva a intentarlo dentro de {seconds} segundos.",
        enrolmentHeading: "Configurar una aplicación de autenticación",
        enrolmentSentence:
            "Escanee la imagen con una aplicación de autenticación, o escriba en ella la clave. Después introduzca los seis dígitos que muestra.",
        picture: "Código QR con la clave", key: "Clave:", recoveryHeading: "Sus códigos de recuperación",
        recoverySentence:
            "Cada uno de estos códigos vale una vez, en lugar de la aplicación. Guárdelos donde los encuentre sin su teléfono. No se volverán a mostrar.",
        listHeading: "Sus segundos factores", none: "No ha configurado ningún segundo factor.",
        app: "Aplicación de autenticación",
        recoveryCodes: "Códigos de recuperación restantes: {count}",
        lastUsed: "Último uso: {day}", confirmSentence: "Para cambiar algo aquí, introduzca primero un código.",
        setUp: "Configurar una aplicación de autenticación", remove: "Quitar", newCodes: "Crear nuevos códigos de recuperación",
        signInAgain: .init(
            heading: "Inicie sesión otra vez primero",
            sentence: "Inició sesión hace demasiado tiempo para configurar un segundo factor.",
            advice: "Cierre la sesión, inicie sesión de nuevo desde una aplicación y vuelva a esta página."))
}
