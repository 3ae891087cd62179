extension GrantTexts {
    static let italian = GrantTexts(
        scopes: .init(
            heading: "A questa pagina manca un permesso che non è stato concesso",
            sentence: "Al servizio di accesso è stato chiesto {scopes}, e non ha concesso tutto.",
            advice: "Acceda di nuovo e dia il Suo consenso. Se non serve, avvisi i responsabili di questa applicazione."),
        noToken: .init(
            heading: "Non ha accesso a questa applicazione",
            sentence: "Al servizio di accesso è stato chiesto un token per questa applicazione, e non l’ha emesso.",
            advice: "Acceda di nuovo. Se non serve, avvisi i responsabili di questa applicazione."))
}

extension CredentialTexts {
    static let italian = CredentialTexts(
        refused: .init(
            heading: "Questa credenziale non è accettata",
            sentence: "Il token o la password arrivata con la richiesta non è valida qui.",
            advice: "Se ne procuri una nuova, o la tolga e acceda."),
        tooMany: .init(
            heading: "Troppi tentativi", sentence: "Ci sono stati troppi token o password sbagliati.",
            advice: "Aspetti un po’ e poi riprovi."))
}

extension UpstreamTexts {
    static let italian = UpstreamTexts(
        language: .italian,
        denied: .init(
            heading: "Non ha effettuato l’accesso", sentence: "L’accesso presso {connector} è stato annullato o rifiutato.",
            advice: "Riprovi. Se viene rifiutato ogni volta, si rivolga ai responsabili del Suo account presso quel servizio."),
        email: .init(
            heading: "Il Suo indirizzo e-mail non è verificato",
            sentence: "{connector} non indica alcun Suo indirizzo e-mail che abbia verificato.",
            advice: "Faccia verificare il Suo indirizzo presso {connector} e poi acceda di nuovo."))
}

extension DeviceTexts {
    static let italian = DeviceTexts(
        heading: "Colleghi un dispositivo", sentence: "Inserisca il codice che mostra il Suo dispositivo.", code: "Codice",
        goOn: "Continua",
        unknownCode: "Nessun dispositivo aspetta con questo codice. Lo controlli, o ne faccia mostrare uno nuovo al dispositivo.",
        tooManyTries: "Ci sono stati troppi tentativi. Aspetti un minuto e riprovi.", question: "È il Suo dispositivo?",
        wants: "{application}, su un altro dispositivo, vuole usare il Suo account. Il dispositivo mostra questo codice:",
        warning: "Se il dispositivo non è davanti a Lei, o se qualcuno Le ha mandato il codice, rifiuti.", allow: "Consenti",
        refuse: "Rifiuta", openID: "Sapere che è Lei", email: "Conoscere il Suo indirizzo e-mail",
        profile: "Conoscere il Suo nome e nome utente", groups: "Sapere di quali gruppi fa parte",
        federatedID: "Sapere con quale account ha effettuato l’accesso",
        offlineAccess: "Restare connesso in Sua assenza",
        connected: .init(
            heading: "Il dispositivo è collegato", sentence: "Prosegue da solo tra pochi secondi.",
            advice: "Può chiudere questa finestra."),
        denied: .init(
            heading: "Il dispositivo è stato rifiutato", sentence: "Non ha ottenuto alcun accesso al Suo account.",
            advice: "Può chiudere questa finestra."),
        tooLate: .init(
            heading: "Il dispositivo non è stato collegato",
            sentence: "L’accesso non è stato completato, ha richiesto troppo tempo o ha già avuto una risposta.",
            advice: "Inserisca di nuovo il codice, o ne faccia mostrare uno nuovo al dispositivo."))
}

extension SessionTexts {
    static let italian = SessionTexts(
        heading: "Dove ha effettuato l’accesso", sentence: "Chiuda le sessioni che non conosce o che non Le servono più.",
        current: "Questa sessione", unknownDevice: "Dispositivo sconosciuto", created: "Accesso", used: "Ultimo uso",
        end: "Chiudi questa sessione", endOthers: "Chiudi tutte le altre sessioni",
        loop: .init(
            heading: "L’accesso gira in tondo",
            sentence: "Ha effettuato l’accesso tre volte in un minuto, ma il Suo browser non ha conservato la sessione.",
            advice:
                "Permetta qui i cookie, controlli il Suo orologio e riprovi tra un minuto. Per gli amministratori: controllino il dominio del cookie (cookie domain), che l’indirizzo sia https e l’orologio."
        ),
        signedIn: .init(
            heading: "Ha effettuato l’accesso", sentence: "La Sua pagina si apre da sola.",
            advice: "Altrimenti, prosegua a mano."),
        goOn: "Continua",
        rememberMe: "Resta connesso su questo dispositivo")
}

extension KeptPostTexts {
    static let italian = KeptPostTexts(
        lost: .init(
            heading: "Non ha effettuato l’accesso", sentence: "Ciò che ha inviato non è stato accettato.",
            advice: "Torni indietro per copiare ciò che Le serve, acceda e lo invii di nuovo."),
        kept: .init(
            heading: "La Sua sessione è finita",
            sentence: "Ciò che ha inviato è conservato in questa pagina, e da nessun’altra parte.",
            advice: "Acceda e poi lo invii di nuovo."),
        waiting: .init(
            heading: "Ha effettuato l’accesso", sentence: "Ciò che ha inviato aspetta dove l’ha lasciato.",
            advice: "Torni a quella pagina e lo invii di nuovo."),
        ready: .init(
            heading: "Pronto per l’invio", sentence: "Ha effettuato l’accesso, e ciò che aveva inviato è ancora qui.",
            advice: "Lo invii ora, o chiuda questa pagina."),
        send: "Invia di nuovo")
}

extension TokenTexts {
    static let italian = TokenTexts(
        heading: "I Suoi token di accesso",
        sentence: "I programmi usano un token al posto Suo. Revochi quelli che non Le servono più.", newToken: "Nuovo token",
        name: "Nome", access: "Accesso", fullAccess: "Tutto ciò che può fare Lei", readOnly: "Sola lettura",
        expires: "Scade", used: "Ultimo uso", never: "mai", dayCount: "tra {count} giorni", create: "Crea il token",
        revoke: "Revoca", confirm: "Chi ha questo token può agire a nome Suo fino alla scadenza. Crearlo?",
        created: "Copi il token ora: non verrà più mostrato.",
        full: "Ha tanti token quanti può averne. Prima ne revochi uno.", back: "Torna ai token")
}
