/// The sentences of the page with personal tokens.
package struct TokenTexts: Sendable {
    let heading: String
    let sentence: String
    let newToken: String
    let name: String
    let access: String
    let fullAccess: String
    let readOnly: String
    let expires: String
    let used: String
    let never: String
    /// `{count}` stands for a number of days, 7 or more.
    let dayCount: String
    let create: String
    let revoke: String
    let confirm: String
    let created: String
    let full: String
    let back: String

    func days(_ count: Int) -> String { dayCount.filled("{count}", String(count)) }

    package static func of(_ language: Language) -> TokenTexts {
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

extension TokenTexts {
    static let english = TokenTexts(
        heading: "Your access tokens", sentence: "Programs use a token in your place. Revoke those that you no longer need.",
        newToken: "New token", name: "Name", access: "Access", fullAccess: "Everything that you may do", readOnly: "Reading only",
        expires: "Expires", used: "Last used", never: "never", dayCount: "in {count} days", create: "Create token",
        revoke: "Revoke", confirm: "Whoever has this token can act in your name until it expires. Create it?",
        created: "Copy the token now: it is not shown again.", full: "You have as many tokens as you may have. Revoke one first.",
        back: "Back to the tokens")

    static let german = TokenTexts(
        heading: "Ihre Zugriffstokens",
        sentence: "Programme benutzen ein Token an Ihrer Stelle. Widerrufen Sie Tokens, die Sie nicht mehr brauchen.",
        newToken: "Neues Token", name: "Name", access: "Zugriff", fullAccess: "Alles, was Sie dürfen", readOnly: "Nur lesen",
        expires: "Läuft ab", used: "Zuletzt benutzt", never: "nie", dayCount: "in {count} Tagen", create: "Token erstellen",
        revoke: "Widerrufen",
        confirm: "Wer dieses Token hat, kann bis zu seinem Ablauf in Ihrem Namen handeln. Soll es erstellt werden?",
        created: "Kopieren Sie das Token jetzt: Es wird nicht noch einmal gezeigt.",
        full: "Sie haben so viele Tokens, wie Sie haben dürfen. Widerrufen Sie zuerst eines.", back: "Zurück zu den Tokens")

    static let french = TokenTexts(
        heading: "Vos jetons d’accès",
        sentence: "Les programmes utilisent un jeton à votre place. Révoquez ceux dont vous n’avez plus besoin.",
        newToken: "Nouveau jeton", name: "Nom", access: "Accès", fullAccess: "Tout ce qui vous est permis",
        readOnly: "Lecture seule", expires: "Expire", used: "Dernière utilisation", never: "jamais",
        dayCount: "dans {count} jours", create: "Créer le jeton", revoke: "Révoquer",
        confirm: "Quiconque possède ce jeton peut agir en votre nom jusqu’à son expiration. Le créer ?",
        created: "Copiez le jeton maintenant : il ne sera plus affiché.",
        full: "Vous avez autant de jetons que permis. Révoquez-en un d’abord.", back: "Retour aux jetons")

    static let spanish = TokenTexts(
        heading: "Sus tokens de acceso",
        sentence: "Los programas usan un token en su lugar. Revoque los que ya no necesite.", newToken: "Nuevo token",
        name: "Nombre", access: "Acceso", fullAccess: "Todo lo que usted puede hacer", readOnly: "Solo lectura",
        expires: "Caduca", used: "Último uso", never: "nunca", dayCount: "en {count} días", create: "Crear token",
        revoke: "Revocar",
        confirm: "Quien tenga este token puede actuar en su nombre hasta que caduque. ¿Crearlo?",
        created: "Copie el token ahora: no se volverá a mostrar.",
        full: "Tiene tantos tokens como puede tener. Revoque uno primero.", back: "Volver a los tokens")
}
