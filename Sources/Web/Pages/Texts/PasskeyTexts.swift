/// The sentences around passkeys.
package struct PasskeyTexts: Sendable {
    package let language: Language
    let signIn: String
    /// Where there is no app.
    package let useOrRecover: String
    package let use: String
    let add: String
    let label: String
    let needsScript: String
    let unsupported: String
    let failed: String
    let known: String
    /// Where none has a name of its own.
    package let name: String
    package let refused: String
    package let expired: String

    package static func of(_ language: Language) -> PasskeyTexts {
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

extension PasskeyTexts {
    static let english = PasskeyTexts(
        language: .english, signIn: "Sign in with a passkey", useOrRecover: "Use a passkey, or type one of your recovery codes.",
        use: "Use a passkey", add: "Add a passkey",
        label: "Name of the passkey", needsScript: "Passkeys need JavaScript, which is switched off in this browser.",
        unsupported: "This browser has no passkeys.", failed: "No passkey was used. You can try again.",
        known: "This device has a passkey for this account already.", name: "Passkey",
        refused: "This passkey was not accepted.", expired: "That took too long. Use the passkey once more.")

    static let german = PasskeyTexts(
        language: .german, signIn: "Mit Passkey anmelden",
        useOrRecover: "Verwenden Sie einen Passkey, oder geben Sie einen Ihrer Wiederherstellungscodes ein.",
        use: "Passkey verwenden", add: "Passkey hinzufügen",
        label: "Name des Passkeys", needsScript: "Passkeys brauchen JavaScript, das in diesem Browser abgeschaltet ist.",
        unsupported: "Dieser Browser kennt keine Passkeys.",
        failed: "Es wurde kein Passkey verwendet. Sie können es noch einmal versuchen.",
        known: "Dieses Gerät hat schon einen Passkey für dieses Konto.", name: "Passkey",
        refused: "Dieser Passkey wurde nicht angenommen.",
        expired: "Das hat zu lange gedauert. Verwenden Sie den Passkey noch einmal.")

    static let french = PasskeyTexts(
        language: .french, signIn: "Se connecter avec une clé d’accès",
        useOrRecover: "Utilisez une clé d’accès, ou saisissez l’un de vos codes de secours.",
        use: "Utiliser une clé d’accès",
        add: "Ajouter une clé d’accès", label: "Nom de la clé d’accès",
        needsScript: "Les clés d’accès ont besoin de JavaScript, qui est désactivé dans ce navigateur.",
        unsupported: "Ce navigateur ne connaît pas les clés d’accès.",
        failed: "Aucune clé d’accès n’a été utilisée. Vous pouvez réessayer.",
        known: "Cet appareil a déjà une clé d’accès pour ce compte.", name: "Clé d’accès",
        refused: "Cette clé d’accès n’a pas été acceptée.",
        expired: "Cela a pris trop de temps. Utilisez la clé d’accès encore une fois.")

    static let spanish = PasskeyTexts(
        language: .spanish, signIn: "Iniciar sesión con una llave de acceso",
        useOrRecover: "Use una llave de acceso o escriba uno de sus códigos de recuperación.", use: "Usar una llave de acceso",
        add: "Añadir una llave de acceso", label: "Nombre de la llave de acceso",
        needsScript: "Las llaves de acceso necesitan JavaScript, que está desactivado en este navegador.",
        unsupported: "Este navegador no conoce las llaves de acceso.",
        failed: "No se usó ninguna llave de acceso. Puede intentarlo de nuevo.",
        known: "Este dispositivo ya tiene una llave de acceso para esta cuenta.", name: "Llave de acceso",
        refused: "Esta llave de acceso no fue aceptada.",
        expired: "Tardó demasiado. Use la llave de acceso otra vez.")
}
