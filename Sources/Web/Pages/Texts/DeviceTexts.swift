/// The sentences of the pages that let a device in.
package struct DeviceTexts: Sendable {
    let heading: String
    let sentence: String
    let code: String
    package let goOn: String
    package let unknownCode: String
    package let tooManyTries: String

    let question: String
    /// `{application}` stands for the application's name.
    let wants: String
    let warning: String
    let allow: String
    let refuse: String

    /// What scope values mean.
    let openID: String
    let email: String
    let profile: String
    let groups: String
    let federatedID: String
    let offlineAccess: String

    package let connected: PageTexts.Message
    package let denied: PageTexts.Message
    package let tooLate: PageTexts.Message

    func wants(_ application: String, isolated: Bool) -> String {
        wants.filled("{application}", isolated ? "\u{2068}\(application)\u{2069}" : application)
    }

    /// A scope value in words; as it is where we have none for it.
    func scope(_ value: String) -> String? {
        switch value {
        case "openid": openID
        case "email": email
        case "profile": profile
        case "groups": groups
        case "federated:id": federatedID
        case "offline_access": offlineAccess
        default: value
        }
    }

    package static func of(_ language: Language) -> DeviceTexts {
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

extension DeviceTexts {
    static let english = DeviceTexts(
        heading: "Connect a device", sentence: "Enter the code that your device shows.", code: "Code", goOn: "Continue",
        unknownCode: "No device waits with this code. Check it, or have the device show a new one.",
        tooManyTries: "There were too many tries. Wait a minute and try again.", question: "Is this your device?",
        wants: "{application} on another device wants to act with your account. The device shows this code:",
        warning: "If the device is not in front of you, or somebody sent you the code, refuse.", allow: "Allow",
        refuse: "Refuse", openID: "Know that it is you", email: "Know your e-mail address",
        profile: "Know your name and user name", groups: "Know which groups you are in",
        federatedID: "Know which account you signed in with",
        offlineAccess: "Stay signed in while you are away",
        connected: .init(
            heading: "The device is connected", sentence: "It goes on by itself in a few seconds.",
            advice: "You can close this window."),
        denied: .init(
            heading: "The device was refused", sentence: "It got no access to your account.",
            advice: "You can close this window."),
        tooLate: .init(
            heading: "The device was not connected",
            sentence: "The sign-in was not finished, took too long, or was answered already.",
            advice: "Enter the code on your device once more, or have the device show a new one."))

    static let german = DeviceTexts(
        heading: "Ein Gerät verbinden", sentence: "Geben Sie den Code ein, den Ihr Gerät anzeigt.", code: "Code", goOn: "Weiter",
        unknownCode: "Auf diesen Code wartet kein Gerät. Prüfen Sie ihn, oder lassen Sie das Gerät einen neuen anzeigen.",
        tooManyTries: "Das waren zu viele Versuche. Warten Sie eine Minute und versuchen Sie es noch einmal.",
        question: "Ist das Ihr Gerät?",
        wants: "{application} möchte auf einem anderen Gerät mit Ihrem Konto arbeiten. Das Gerät zeigt diesen Code:",
        warning: "Lehnen Sie ab, wenn das Gerät nicht vor Ihnen steht oder Ihnen jemand den Code geschickt hat.",
        allow: "Erlauben", refuse: "Ablehnen", openID: "Wissen, dass Sie es sind", email: "Ihre E-Mail-Adresse kennen",
        profile: "Ihren Namen und Benutzernamen kennen", groups: "Wissen, in welchen Gruppen Sie sind",
        federatedID: "Wissen, mit welchem Konto Sie sich angemeldet haben",
        offlineAccess: "Angemeldet bleiben, während Sie weg sind",
        connected: .init(
            heading: "Das Gerät ist verbunden", sentence: "Es macht in wenigen Sekunden von selbst weiter.",
            advice: "Sie können dieses Fenster schließen."),
        denied: .init(
            heading: "Das Gerät wurde abgelehnt", sentence: "Es hat keinen Zugriff auf Ihr Konto bekommen.",
            advice: "Sie können dieses Fenster schließen."),
        tooLate: .init(
            heading: "Das Gerät wurde nicht verbunden",
            sentence: "Die Anmeldung wurde nicht beendet, hat zu lange gedauert oder wurde schon beantwortet.",
            advice: "Geben Sie den Code noch einmal ein, oder lassen Sie das Gerät einen neuen anzeigen."))

    static let french = DeviceTexts(
        heading: "Connecter un appareil", sentence: "Saisissez le code qu’affiche votre appareil.", code: "Code du dispositif",
        goOn: "Continuer",
        unknownCode: "Aucun appareil n’attend avec ce code. Vérifiez-le, ou faites-en afficher un nouveau.",
        tooManyTries: "Trop de tentatives. Attendez une minute et réessayez.", question: "Est-ce votre appareil ?",
        wants: "{application}, sur un autre appareil, souhaite utiliser votre compte. L’appareil affiche ce code :",
        warning: "Si l’appareil n’est pas devant vous, ou si quelqu’un vous a envoyé le code, refusez.", allow: "Autoriser",
        refuse: "Refuser", openID: "Savoir que c’est vous", email: "Connaître votre adresse e-mail",
        profile: "Connaître votre nom et votre nom d’utilisateur", groups: "Savoir dans quels groupes vous êtes",
        federatedID: "Savoir avec quel compte vous vous êtes connecté",
        offlineAccess: "Rester connecté en votre absence",
        connected: .init(
            heading: "L’appareil est connecté", sentence: "Il continue de lui-même dans quelques secondes.",
            advice: "Vous pouvez fermer cette fenêtre."),
        denied: .init(
            heading: "L’appareil a été refusé", sentence: "Il n’a obtenu aucun accès à votre compte.",
            advice: "Vous pouvez fermer cette fenêtre."),
        tooLate: .init(
            heading: "L’appareil n’a pas été connecté",
            sentence: "La connexion n’a pas été terminée, a pris trop de temps ou a déjà reçu une réponse.",
            advice: "Saisissez de nouveau le code, ou faites-en afficher un nouveau par l’appareil."))

    static let spanish = DeviceTexts(
        heading: "Conectar un dispositivo", sentence: "Escriba el código que muestra su dispositivo.", code: "Código",
        goOn: "Continuar",
        unknownCode: "Ningún dispositivo espera con este código. Compruébelo o haga que el dispositivo muestre uno nuevo.",
        tooManyTries: "Demasiados intentos. Espere un minuto y vuelva a intentarlo.", question: "¿Es este su dispositivo?",
        wants: "{application}, en otro dispositivo, quiere usar su cuenta. El dispositivo muestra este código:",
        warning: "Si el dispositivo no está delante de usted, o alguien le envió el código, rechácelo.", allow: "Permitir",
        refuse: "Rechazar", openID: "Saber que es usted", email: "Conocer su dirección de correo electrónico",
        profile: "Conocer su nombre y su nombre de usuario", groups: "Saber en qué grupos está",
        federatedID: "Saber con qué cuenta ha iniciado sesión",
        offlineAccess: "Seguir con la sesión iniciada en su ausencia",
        connected: .init(
            heading: "El dispositivo está conectado", sentence: "Continúa por sí solo en unos segundos.",
            advice: "Puede cerrar esta ventana."),
        denied: .init(
            heading: "El dispositivo fue rechazado", sentence: "No obtuvo acceso a su cuenta.",
            advice: "Puede cerrar esta ventana."),
        tooLate: .init(
            heading: "El dispositivo no se conectó",
            sentence: "El inicio de sesión no se terminó, tardó demasiado o ya recibió respuesta.",
            advice: "Escriba de nuevo el código o haga que el dispositivo muestre uno nuevo."))
}
