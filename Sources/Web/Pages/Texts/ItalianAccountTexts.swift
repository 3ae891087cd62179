extension PasswordTexts {
    static let italian = PasswordTexts(
        language: .italian, tryAgain: "Ci sono state troppe password sbagliate. Riprovi tra {seconds} secondi.",
        setHeading: "Imposti la Sua password", setFor: "per l’account {user}", changeHeading: "Cambi la Sua password",
        old: "Password attuale", new: "Nuova password", repeated: "Nuova password ancora una volta", set: "Imposta",
        change: "Cambia", wrongOld: "La password attuale non è corretta.",
        notTheSame: "Le due nuove password non sono uguali.",
        tooShort: "La nuova password deve avere almeno {count} caratteri.",
        tooLong: "La nuova password supera i {count} byte.",
        refused: "Questa password è in un elenco di quelle che altri provano per prime. Ne scelga un’altra.",
        unusable: "Questa password non può essere usata. Ne scelga un’altra.",
        isSet: .init(
            heading: "La Sua password è impostata", sentence: "D’ora in poi può usarla per accedere.",
            advice: "Apra l’applicazione che vuole usare e acceda da lì."),
        isChanged: .init(
            heading: "La Sua password è cambiata", sentence: "È stato disconnesso ovunque tranne che in questo browser.",
            advice: "D’ora in poi acceda con la nuova password."),
        linkIsGone: .init(
            heading: "Questo link non è più valido", sentence: "È già stato usato, è troppo vecchio o ne manca una parte.",
            advice: "Ne chieda uno nuovo ai responsabili degli account."),
        keptElsewhere: .init(
            heading: "La Sua password non è conservata qui",
            sentence: "L’account con cui ha effettuato l’accesso ha la password altrove.",
            advice: "La cambi lì o si rivolga ai responsabili degli account."))
}

extension SecondFactorTexts {
    static let italian = SecondFactorTexts(
        language: .italian, codeHeading: "Inserisca il Suo codice",
        codeSentence: "Digiti le sei cifre che mostra la Sua app di autenticazione, o uno dei Suoi codici di recupero.",
        code: "Codice monouso", goOn: "Continua", wrongCode: "Questo codice non è corretto o è già stato usato.",
        tryAgain: "Ci sono stati troppi codici sbagliati. Riprovi tra {seconds} secondi.",
        enrolmentHeading: "Configuri un’app di autenticazione",
        enrolmentSentence:
            "Inquadri l’immagine con un’app di autenticazione, o vi digiti la chiave. Poi inserisca le sei cifre che l’app mostra.",
        picture: "Codice QR con la chiave", key: "Chiave:", recoveryHeading: "I Suoi codici di recupero",
        recoverySentence:
            "Ciascuno di questi codici vale una volta, al posto dell’app. Li conservi dove li trova senza il telefono. Non verranno più mostrati.",
        listHeading: "I Suoi secondi fattori", none: "Non ha configurato alcun secondo fattore.",
        app: "App di autenticazione", recoveryCodes: "Codici di recupero rimasti: {count}", lastUsed: "Ultimo uso: {day}",
        confirmSentence: "Per modificare qualcosa qui, inserisca prima un codice.", setUp: "Configura un’app di autenticazione",
        remove: "Rimuovi", newCodes: "Crea nuovi codici di recupero",
        signInAgain: .init(
            heading: "Prima acceda ancora una volta",
            sentence: "Ha effettuato l’accesso troppo tempo fa per configurare un secondo fattore.",
            advice: "Esca, acceda di nuovo da un’applicazione e torni a questa pagina."))
}

extension PasskeyTexts {
    static let italian = PasskeyTexts(
        language: .italian, signIn: "Accedi con una passkey",
        useOrRecover: "Usi una passkey, o digiti uno dei Suoi codici di recupero.", use: "Usa una passkey",
        add: "Aggiungi una passkey", label: "Nome della passkey",
        needsScript: "Le passkey hanno bisogno di JavaScript, che in questo browser è disattivato.",
        unsupported: "Questo browser non conosce le passkey.", failed: "Non è stata usata alcuna passkey. Può riprovare.",
        known: "Questo dispositivo ha già una passkey per questo account.", name: "Passkey",
        refused: "Questa passkey non è stata accettata.",
        expired: "Ci è voluto troppo tempo. Usi la passkey ancora una volta.")
}

extension SSOTexts {
    static let italian = SSOTexts(
        language: .italian, remember: "Resta connesso in questo browser", chooseAccount: "Scelga un account",
        consentHeading: "{application} può sapere questo?", consentSentence: "L’applicazione chiede:", allow: "Consenti",
        deny: "Non consentire", scopeOpenID: "chi è Lei qui", scopeEmail: "il Suo indirizzo e-mail",
        scopeProfile: "il Suo nome e nome utente", scopeGroups: "i gruppi di cui fa parte",
        scopeFederatedID: "l’account con cui ha effettuato l’accesso",
        scopeOfflineAccess: "di continuare in Sua assenza, senza chiederglielo di nuovo", scopeOther: "l’accesso a {scope}",
        consentsHeading: "Che cosa ha consentito", noConsents: "Non ha consentito nulla ad alcuna applicazione.",
        takeBack: "Revoca",
        notSignedIn: .init(
            heading: "Non ha effettuato l’accesso", sentence: "Questa pagina è per chi ha effettuato l’accesso.",
            advice: "Apra l’applicazione che vuole usare e acceda da lì."))
}
