extension PageTexts {
    static let italian = PageTexts(
        language: .italian,
        signIn: "Accedi",
        continueTo: "per continuare su {application}",
        emailLabel: "Indirizzo e-mail",
        usernameLabel: "Nome utente",
        passwordLabel: "Password",
        wrongCredentials: "L’indirizzo e-mail o la password non è corretto. Controlli entrambi e riprovi.",
        signInOnceMore:
            "Questa pagina e il Suo browser si erano persi di vista. La Sua password non c’entra: acceda ancora una volta.",
        errorPrefix: "Errore: ",
        chooseProvider: "Scelga come accedere",
        signInWith: "Continua con {provider}",
        signOutHeading: "Uscire?",
        signedInAs: "Ha effettuato l’accesso come {user}.",
        signOutSentence: "Dovrà accedere di nuovo per usare le Sue applicazioni.",
        signOut: "Esci",
        signOutEverywhere: "Esci da tutti i dispositivi",
        staySignedIn: "Resta connesso",
        signedOutHeading: "È uscito",
        signedOutSentence: "Se altre persone usano questo dispositivo, chiuda anche la finestra del browser.",
        signInAgain: "Accedi di nuovo",
        errorStatus: "Errore {status}",
        reference: "Riferimento",
        goToStart: "Vai alla pagina iniziale",
        switchAccount: "Usa un altro account",
        backTo: "Torna a {application}",
        notAllowed: Message(
            heading: "Non ha accesso a questa pagina",
            sentence: "Il Suo account non può aprire questa pagina.",
            advice: "Se ritiene che dovrebbe, si rivolga ai responsabili di questa applicazione."),
        notAdmitted: Message(
            heading: "Non può accedere qui con questo account",
            sentence: "Questo account non è tra quelli che possono usare le applicazioni di qui.",
            advice: "Acceda con un altro account o si rivolga ai responsabili di queste applicazioni."),
        badRequest: Message(
            heading: "Non è possibile rispondere a questa richiesta",
            sentence: "Qualcosa nell’indirizzo o nel modulo non è come dovrebbe.",
            advice: "Torni indietro e riprovi, o riparta dalla prima pagina dell’applicazione."),
        notFound: Message(
            heading: "Questa pagina non esiste",
            sentence: "L’indirizzo non porta da nessuna parte.",
            advice: "Controlli l’indirizzo o riparta dalla prima pagina dell’applicazione."),
        signInFailed: Message(
            heading: "L’accesso non è riuscito",
            sentence: "Non è stato possibile completare l’accesso, e Lei non è connesso.",
            advice:
                "Riprovi. Se continua a non riuscire, controlli che qui i cookie siano permessi e che il Suo orologio sia esatto, poi avvisi il Suo amministratore."
        ),
        unavailable: Message(
            heading: "Al momento non disponibile",
            sentence: "Una parte necessaria per l’accesso non risponde.",
            advice: "Riprovi tra un minuto."),
        internalError: Message(
            heading: "Qualcosa è andato storto",
            sentence: "L’errore è nostro.",
            advice: "Riprovi. Se succede ancora, avvisi il Suo amministratore."),
        clientMistake: Message(
            heading: "L’applicazione ha fatto una richiesta a cui non è possibile rispondere",
            sentence: "{reason}.",
            advice:
                "Torni indietro e riprovi. Se succede ancora, dia il riferimento qui sotto ai responsabili dell’applicazione."),
        notStrongEnough: Message(
            heading: "Questa pagina chiede un accesso più sicuro",
            sentence:
                "Il servizio di accesso non ha confermato che Lei sia entrato nel modo, o così di recente, come questa pagina chiede.",
            advice: "Acceda di nuovo. Se non serve, dia il riferimento qui sotto ai responsabili dell’applicazione."),
        signInExpired: Message(
            heading: "Questo accesso ha richiesto troppo tempo",
            sentence: "La pagina è rimasta aperta per più di un’ora, o è una vecchia copia.",
            advice: "Torni all’applicazione e acceda da lì."),
        formFromElsewhere: Message(
            heading: "Il modulo veniva da un altro sito",
            sentence: "Nessuno ha effettuato l’accesso.",
            advice: "Apra l’applicazione che vuole usare e acceda da lì."),
        nothingToSignOutOf: Message(
            heading: "Nessuna sessione è stata chiusa",
            sentence: "La richiesta non diceva quale sessione chiudere.",
            advice: "Esca dall’interno dell’applicazione che sta usando."))
}
