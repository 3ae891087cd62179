/// The sentences around passwords: too many wrong ones, choosing one's first, changing it.
package struct PasswordTexts: Sendable {
    package let language: Language
    /// `{seconds}` stands for a number.
    let tryAgain: String
    package let setHeading: String
    /// `{user}` stands for the e-mail address.
    let setFor: String
    package let changeHeading: String
    package let old: String
    package let new: String
    package let repeated: String
    package let set: String
    package let change: String
    package let wrongOld: String
    package let notTheSame: String
    /// `{count}` stands for a number.
    let tooShort: String
    /// `{count}` stands for a number.
    let tooLong: String
    package let refused: String
    package let unusable: String
    package let isSet: PageTexts.Message
    package let isChanged: PageTexts.Message
    package let linkIsGone: PageTexts.Message
    package let keptElsewhere: PageTexts.Message

    package static func of(_ language: Language) -> PasswordTexts {
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
    package func tooShort(_ count: Int) -> String { tooShort.filled("{count}", "\(count)") }
    package func tooLong(_ count: Int) -> String { tooLong.filled("{count}", "\(count)") }

    package func setFor(_ user: String) -> String {
        setFor.filled("{user}", language.direction == .rightToLeft ? "\u{2068}\(user)\u{2069}" : user)
    }
}

extension PasswordTexts {
    package static let english = PasswordTexts(
        language: .english, tryAgain: "There were too many wrong passwords. Try again in {seconds} seconds.",
        setHeading: "Set your password", setFor: "for the account {user}", changeHeading: "Change your password",
        old: "Password until now", new: "New password", repeated: "New password once more", set: "Set the password",
        change: "Change the password", wrongOld: "The password until now is not right.",
        notTheSame: "The two new passwords are not the same.", tooShort: "The new password needs {count} characters or more.",
        tooLong: "The new password is longer than {count} bytes.",
        refused: "This password is on a list of passwords that others try first. Choose another one.",
        unusable: "This password cannot be used. Choose another one.",
        isSet: .init(
            heading: "Your password is set", sentence: "You can sign in with it from now on.",
            advice: "Open the application that you want to use and sign in from there."),
        isChanged: .init(
            heading: "Your password is changed", sentence: "You have been signed out everywhere but in this browser.",
            advice: "Sign in with the new password from now on."),
        linkIsGone: .init(
            heading: "This link is no longer good", sentence: "It has been used, it is too old, or a part of it is missing.",
            advice: "Ask the people who look after the accounts for a new one."),
        keptElsewhere: .init(
            heading: "Your password is not kept here",
            sentence: "The account that you are signed in with has its password somewhere else.",
            advice: "Change it there, or ask the people who look after the accounts."))

    package static let german = PasswordTexts(
        language: .german, tryAgain: "Es gab zu viele falsche Passwörter. Versuchen Sie es in {seconds} Sekunden noch einmal.",
        setHeading: "Passwort festlegen", setFor: "für das Konto {user}", changeHeading: "Passwort ändern",
        old: "Bisheriges Passwort", new: "Neues Passwort", repeated: "Neues Passwort noch einmal", set: "Festlegen",
        change: "Ändern", wrongOld: "Das bisherige Passwort ist nicht richtig.",
        notTheSame: "Die beiden neuen Passwörter sind nicht gleich.",
        tooShort: "Das neue Passwort braucht mindestens {count} Zeichen.",
        tooLong: "Das neue Passwort ist länger als {count} Bytes.",
        refused: "Dieses Passwort steht auf einer Liste von Passwörtern, die andere zuerst probieren. Wählen Sie ein anderes.",
        unusable: "Dieses Passwort ist nicht verwendbar. Wählen Sie ein anderes.",
        isSet: .init(
            heading: "Ihr Passwort ist festgelegt", sentence: "Sie können sich ab jetzt damit anmelden.",
            advice: "Öffnen Sie die gewünschte Anwendung und melden Sie sich von dort aus an."),
        isChanged: .init(
            heading: "Ihr Passwort ist geändert", sentence: "Sie sind überall außer in diesem Browser abgemeldet.",
            advice: "Melden Sie sich ab jetzt mit dem neuen Passwort an."),
        linkIsGone: .init(
            heading: "Dieser Link gilt nicht mehr", sentence: "Er wurde schon benutzt, ist zu alt oder unvollständig.",
            advice: "Bitten Sie die Betreuer der Konten um einen neuen."),
        keptElsewhere: .init(
            heading: "Ihr Passwort liegt nicht hier",
            sentence: "Das Konto, mit dem Sie angemeldet sind, hat sein Passwort anderswo.",
            advice: "Ändern Sie es dort, oder fragen Sie die Betreuer der Konten."))

    package static let french = PasswordTexts(
        language: .french, tryAgain: "Trop de mots de passe incorrects. Réessayez dans {seconds} secondes.",
        setHeading: "Définir votre mot de passe", setFor: "pour le compte {user}", changeHeading: "Changer votre mot de passe",
        old: "Mot de passe actuel", new: "Nouveau mot de passe", repeated: "Nouveau mot de passe, une seconde fois",
        set: "Définir", change: "Changer", wrongOld: "Le mot de passe actuel n’est pas correct.",
        notTheSame: "Les deux nouveaux mots de passe ne sont pas identiques.",
        tooShort: "Le nouveau mot de passe doit avoir au moins {count} caractères.",
        tooLong: "Le nouveau mot de passe dépasse {count} octets.",
        refused: "Ce mot de passe figure sur une liste de ceux que l’on essaie en premier. Choisissez-en un autre.",
        unusable: "Ce mot de passe n’est pas utilisable. Choisissez-en un autre.",
        isSet: .init(
            heading: "Votre mot de passe est défini", sentence: "Vous pouvez désormais vous connecter avec lui.",
            advice: "Ouvrez l’application que vous voulez utiliser et connectez-vous à partir de celle-ci."),
        isChanged: .init(
            heading: "Votre mot de passe est changé", sentence: "Vous avez été déconnecté partout, sauf dans ce navigateur.",
            advice: "Connectez-vous désormais avec le nouveau mot de passe."),
        linkIsGone: .init(
            heading: "Ce lien n’est plus valable", sentence: "Il a déjà servi, il est trop ancien ou il est incomplet.",
            advice: "Demandez-en un nouveau aux responsables des comptes."),
        keptElsewhere: .init(
            heading: "Votre mot de passe n’est pas conservé ici",
            sentence: "Le compte avec lequel vous êtes connecté a son mot de passe ailleurs.",
            advice: "Changez-le là-bas, ou adressez-vous aux responsables des comptes."))

    package static let spanish = PasswordTexts(
        language: .spanish,
        tryAgain: "Hubo demasiadas contraseñas incorrectas. Vuelva a intentarlo dentro de {seconds} segundos.",
        setHeading: "Establecer su contraseña", setFor: "para la cuenta {user}", changeHeading: "Cambiar su contraseña",
        old: "Contraseña actual", new: "Contraseña nueva", repeated: "Contraseña nueva otra vez", set: "Establecer",
        change: "Cambiar", wrongOld: "La contraseña actual no es correcta.",
        notTheSame: "Las dos contraseñas nuevas no son iguales.",
        tooShort: "La contraseña nueva necesita al menos {count} caracteres.",
        tooLong: "La contraseña nueva tiene más de {count} bytes.",
        refused: "Esta contraseña está en una lista de las que otros prueban primero. Elija otra.",
        unusable: "Esta contraseña no se puede usar. Elija otra.",
        isSet: .init(
            heading: "Su contraseña está establecida", sentence: "Desde ahora puede iniciar sesión con ella.",
            advice: "Abra la aplicación que quiera usar e inicie sesión desde allí."),
        isChanged: .init(
            heading: "Su contraseña ha cambiado", sentence: "Se ha cerrado su sesión en todas partes menos en este navegador.",
            advice: "Desde ahora inicie sesión con la contraseña nueva."),
        linkIsGone: .init(
            heading: "Este enlace ya no vale", sentence: "Ya se usó, es demasiado antiguo o le falta una parte.",
            advice: "Pida uno nuevo a los responsables de las cuentas."),
        keptElsewhere: .init(
            heading: "Su contraseña no se guarda aquí",
            sentence: "La cuenta con la que ha iniciado sesión tiene su contraseña en otro lugar.",
            advice: "Cámbiela allí o pregunte a los responsables de las cuentas."))
}
