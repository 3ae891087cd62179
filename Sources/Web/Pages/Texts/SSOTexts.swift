/// The sentences around the session at the provider: the choice of an account, and what somebody allows an application.
package struct SSOTexts: Sendable {
    package let language: Language
    package let remember: String
    package let chooseAccount: String
    /// `{application}` stands for the application's name.
    let consentHeading: String
    package let consentSentence: String
    package let allow: String
    package let deny: String
    let scopeOpenID: String
    let scopeEmail: String
    let scopeProfile: String
    let scopeGroups: String
    let scopeFederatedID: String
    let scopeOfflineAccess: String
    /// `{scope}` stands for a scope value that we have no words for.
    let scopeOther: String
    package let consentsHeading: String
    package let noConsents: String
    package let takeBack: String
    package let notSignedIn: PageTexts.Message

    package static func of(_ language: Language) -> SSOTexts {
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

    package func consentHeading(_ application: String) -> String {
        consentHeading.filled("{application}", isolated(application))
    }

    /// What a scope value lets an application do.
    package func explanation(ofScope value: String) -> String {
        switch value {
        case "openid": scopeOpenID
        case "email": scopeEmail
        case "profile": scopeProfile
        case "groups": scopeGroups
        case "federated:id": scopeFederatedID
        case "offline_access": scopeOfflineAccess
        default: scopeOther.filled("{scope}", isolated(value))
        }
    }

    private func isolated(_ name: String) -> String {
        language.direction == .rightToLeft ? "\u{2068}\(name)\u{2069}" : name
    }
}

extension SSOTexts {
    package static let english = SSOTexts(
        language: .english, remember: "Keep me signed in in this browser", chooseAccount: "Choose an account",
        consentHeading: "May {application} know this?", consentSentence: "The application asks for:", allow: "Allow",
        deny: "Do not allow", scopeOpenID: "who you are here", scopeEmail: "your e-mail address",
        scopeProfile: "your name and user name", scopeGroups: "the groups that you are in",
        scopeFederatedID: "the account that you signed in with",
        scopeOfflineAccess: "to go on while you are away, without asking you again", scopeOther: "access to {scope}",
        consentsHeading: "What you have allowed", noConsents: "You have allowed no application anything.",
        takeBack: "Take back",
        notSignedIn: .init(
            heading: "You are not signed in", sentence: "This page is for people who are signed in.",
            advice: "Open the application that you want to use and sign in from there."))

    static let german = SSOTexts(
        language: .german, remember: "In diesem Browser angemeldet bleiben", chooseAccount: "Wählen Sie ein Konto",
        consentHeading: "Darf {application} das wissen?", consentSentence: "Die Anwendung bittet um:", allow: "Erlauben",
        deny: "Nicht erlauben", scopeOpenID: "wer Sie hier sind", scopeEmail: "Ihre E-Mail-Adresse",
        scopeProfile: "Ihren Namen und Benutzernamen", scopeGroups: "die Gruppen, in denen Sie sind",
        scopeFederatedID: "das Konto, mit dem Sie sich angemeldet haben",
        scopeOfflineAccess: "weiterzuarbeiten, während Sie weg sind, ohne Sie noch einmal zu fragen",
        scopeOther: "Zugriff auf {scope}", consentsHeading: "Was Sie erlaubt haben",
        noConsents: "Sie haben keiner Anwendung etwas erlaubt.", takeBack: "Zurücknehmen",
        notSignedIn: .init(
            heading: "Sie sind nicht angemeldet", sentence: "Diese Seite ist für angemeldete Personen.",
            advice: "Öffnen Sie die gewünschte Anwendung und melden Sie sich von dort aus an."))

    static let french = SSOTexts(
        language: .french, remember: "Rester connecté dans ce navigateur", chooseAccount: "Choisissez un compte",
        consentHeading: "{application} peut-elle savoir cela ?", consentSentence: "L’application demande :",
        allow: "Autoriser", deny: "Ne pas autoriser", scopeOpenID: "qui vous êtes ici", scopeEmail: "votre adresse e-mail",
        scopeProfile: "votre nom et votre nom d’utilisateur", scopeGroups: "les groupes dont vous faites partie",
        scopeFederatedID: "le compte avec lequel vous vous êtes connecté",
        scopeOfflineAccess: "de continuer en votre absence, sans vous redemander", scopeOther: "l’accès à {scope}",
        consentsHeading: "Ce que vous avez autorisé", noConsents: "Vous n’avez rien autorisé à aucune application.",
        takeBack: "Retirer",
        notSignedIn: .init(
            heading: "Vous n’êtes pas connecté", sentence: "Cette page est réservée aux personnes connectées.",
            advice: "Ouvrez l’application que vous voulez utiliser et connectez-vous à partir de celle-ci."))

    static let spanish = SSOTexts(
        language: .spanish, remember: "Mantener la sesión iniciada en este navegador", chooseAccount: "Elija una cuenta",
        consentHeading: "¿Puede {application} saber esto?", consentSentence: "La aplicación pide:", allow: "Permitir",
        deny: "No permitir", scopeOpenID: "quién es usted aquí", scopeEmail: "su dirección de correo electrónico",
        scopeProfile: "su nombre y su nombre de usuario", scopeGroups: "los grupos a los que pertenece",
        scopeFederatedID: "la cuenta con la que ha iniciado sesión",
        scopeOfflineAccess: "seguir trabajando en su ausencia, sin volver a preguntarle", scopeOther: "acceso a {scope}",
        consentsHeading: "Lo que ha permitido", noConsents: "No ha permitido nada a ninguna aplicación.",
        takeBack: "Retirar",
        notSignedIn: .init(
            heading: "No ha iniciado sesión", sentence: "Esta página es para quienes han iniciado sesión.",
            advice: "Abra la aplicación que quiera usar e inicie sesión desde allí."))

    static let greek = SSOTexts(
        language: .greek, remember: "Να παραμείνω συνδεδεμένος σε αυτό το πρόγραμμα περιήγησης",
        chooseAccount: "Επιλέξτε λογαριασμό", consentHeading: "Επιτρέπεται στην εφαρμογή {application} να το γνωρίζει;",
        consentSentence: "Η εφαρμογή ζητά:", allow: "Να επιτραπεί", deny: "Να μην επιτραπεί", scopeOpenID: "ποιοι είστε εδώ",
        scopeEmail: "τη διεύθυνση e-mail σας", scopeProfile: "το όνομα και το όνομα χρήστη σας",
        scopeGroups: "τις ομάδες στις οποίες ανήκετε", scopeFederatedID: "τον λογαριασμό με τον οποίο συνδεθήκατε",
        scopeOfflineAccess: "να συνεχίζει όσο λείπετε, χωρίς να σας ρωτά ξανά", scopeOther: "πρόσβαση σε {scope}",
        consentsHeading: "Τι έχετε επιτρέψει", noConsents: "Δεν έχετε επιτρέψει τίποτα σε καμία εφαρμογή.",
        takeBack: "Ανάκληση",
        notSignedIn: .init(
            heading: "Δεν έχετε συνδεθεί", sentence: "Αυτή η σελίδα είναι για όσους έχουν συνδεθεί.",
            advice: "Ανοίξτε την εφαρμογή που θέλετε να χρησιμοποιήσετε και συνδεθείτε από εκεί."))
}
