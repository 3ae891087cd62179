/// The sentences around sessions: the page that lists them, and what a browser is told that does not keep its own.
package struct SessionTexts: Sendable {
    package let heading: String
    package let sentence: String
    package let current: String
    package let unknownDevice: String
    package let created: String
    package let used: String
    package let end: String
    package let endOthers: String
    /// After three rounds of signing in within a minute.
    package let loop: PageTexts.Message
    /// Between the sign-in and a page that has to be led to.
    package let signedIn: PageTexts.Message
    package let goOn: String
    /// A checkbox of the sign-in page.
    package let rememberMe: String

    package static func of(_ language: Language) -> SessionTexts {
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

extension SessionTexts {
    static let english = SessionTexts(
        heading: "Where you are signed in", sentence: "End the sessions that you do not know or no longer need.",
        current: "This session", unknownDevice: "Unknown device", created: "Signed in", used: "Last used",
        end: "End this session", endOthers: "End all other sessions",
        loop: .init(
            heading: "Signing in goes round in circles",
            sentence: "You were signed in three times within a minute, but your browser did not keep the session.",
            advice:
                "Allow cookies here, see that your clock is right, and try again in a minute. Administrators: check the cookie domain, that the address is https, and the clock."
        ),
        signedIn: .init(
            heading: "You are signed in", sentence: "Your page opens by itself.", advice: "If it does not, go on by hand."),
        goOn: "Go on",
        rememberMe: "Keep me signed in on this device")

    static let german = SessionTexts(
        heading: "Wo Sie angemeldet sind", sentence: "Beenden Sie Sitzungen, die Sie nicht kennen oder nicht mehr brauchen.",
        current: "Diese Sitzung", unknownDevice: "Unbekanntes Gerät", created: "Angemeldet", used: "Zuletzt benutzt",
        end: "Diese Sitzung beenden", endOthers: "Alle anderen Sitzungen beenden",
        loop: .init(
            heading: "Die Anmeldung dreht sich im Kreis",
            sentence: "Sie wurden in einer Minute dreimal angemeldet, aber Ihr Browser hat die Sitzung nicht behalten.",
            advice:
                "Erlauben Sie hier Cookies, stellen Sie Ihre Uhr richtig und versuchen Sie es in einer Minute noch einmal. Für Administratoren: Prüfen Sie die Cookie-Domain (cookie domain), ob die Adresse https ist, und die Uhr."
        ),
        signedIn: .init(
            heading: "Sie sind angemeldet", sentence: "Ihre Seite öffnet sich von selbst.",
            advice: "Wenn nicht, gehen Sie von Hand weiter."),
        goOn: "Weiter",
        rememberMe: "Auf diesem Gerät angemeldet bleiben")

    static let french = SessionTexts(
        heading: "Où vous êtes connecté", sentence: "Fermez les sessions que vous ne connaissez pas ou n’utilisez plus.",
        current: "Cette session", unknownDevice: "Appareil inconnu", created: "Connexion", used: "Dernière utilisation",
        end: "Fermer cette session", endOthers: "Fermer toutes les autres sessions",
        loop: .init(
            heading: "La connexion tourne en rond",
            sentence: "Vous avez été connecté trois fois en une minute, mais votre navigateur n’a pas gardé la session.",
            advice:
                "Autorisez les cookies ici, vérifiez votre horloge et réessayez dans une minute. Administrateurs : vérifiez le domaine du cookie (cookie domain), que l’adresse est en https, et l’horloge."
        ),
        signedIn: .init(
            heading: "Vous êtes connecté", sentence: "Votre page s’ouvre d’elle-même.", advice: "Sinon, continuez à la main."),
        goOn: "Continuer",
        rememberMe: "Rester connecté sur cet appareil")

    static let spanish = SessionTexts(
        heading: "Dónde ha iniciado sesión", sentence: "Cierre las sesiones que no conozca o que ya no necesite.",
        current: "Esta sesión", unknownDevice: "Dispositivo desconocido", created: "Inicio de sesión", used: "Último uso",
        end: "Cerrar esta sesión", endOthers: "Cerrar todas las demás sesiones",
        loop: .init(
            heading: "El inicio de sesión da vueltas",
            sentence: "Ha iniciado sesión tres veces en un minuto, pero su navegador no ha conservado la sesión.",
            advice:
                "Permita las cookies aquí, compruebe su reloj y vuelva a intentarlo en un minuto. Administradores: comprueben el dominio de la cookie (cookie domain), que la dirección sea https y el reloj."
        ),
        signedIn: .init(
            heading: "Ha iniciado sesión", sentence: "Su página se abre por sí sola.", advice: "Si no, continúe a mano."),
        goOn: "Continuar",
        rememberMe: "Mantener la sesión iniciada en este dispositivo")

    static let greek = SessionTexts(
        heading: "Πού έχετε συνδεθεί", sentence: "Τερματίστε τις συνεδρίες που δεν γνωρίζετε ή δεν χρειάζεστε πια.",
        current: "Αυτή η συνεδρία", unknownDevice: "Άγνωστη συσκευή", created: "Σύνδεση", used: "Τελευταία χρήση",
        end: "Τερματισμός αυτής της συνεδρίας", endOthers: "Τερματισμός όλων των άλλων συνεδριών",
        loop: .init(
            heading: "Η σύνδεση κάνει κύκλους",
            sentence: "Συνδεθήκατε τρεις φορές μέσα σε ένα λεπτό, αλλά το πρόγραμμα περιήγησης δεν κράτησε τη συνεδρία.",
            advice:
                "Επιτρέψτε τα cookies εδώ, ελέγξτε το ρολόι σας και δοκιμάστε ξανά σε ένα λεπτό. Διαχειριστές: ελέγξτε τον τομέα του cookie (cookie domain), ότι η διεύθυνση είναι https, και το ρολόι."
        ),
        signedIn: .init(
            heading: "Έχετε συνδεθεί", sentence: "Η σελίδα σας ανοίγει μόνη της.", advice: "Αν όχι, συνεχίστε με το χέρι."),
        goOn: "Συνέχεια",
        rememberMe: "Να παραμείνω συνδεδεμένος σε αυτήν τη συσκευή")
}
