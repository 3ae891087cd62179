extension PageTexts {
    static let german = PageTexts(
        language: .german,
        signIn: "Anmelden",
        continueTo: "um fortzufahren zu {application}",
        emailLabel: "E-Mail-Adresse",
        usernameLabel: "Benutzername",
        passwordLabel: "Passwort",
        wrongCredentials: "E-Mail-Adresse oder Passwort stimmt nicht. Bitte prüfen Sie beides und versuchen Sie es noch einmal.",
        signInOnceMore:
            "Diese Seite und Ihr Browser hatten einander aus den Augen verloren. Mit Ihrem Passwort ist alles in Ordnung: Bitte melden Sie sich noch einmal an.",
        errorPrefix: "Fehler: ",
        chooseProvider: "Wie möchten Sie sich anmelden?",
        signInWith: "Weiter mit {provider}",
        signOutHeading: "Abmelden?",
        signedInAs: "Sie sind angemeldet als {user}.",
        signOutSentence: "Um Ihre Anwendungen zu benutzen, müssen Sie sich dann wieder anmelden.",
        signOut: "Abmelden",
        signOutEverywhere: "Auf allen Geräten abmelden",
        staySignedIn: "Angemeldet bleiben",
        signedOutHeading: "Sie sind abgemeldet",
        signedOutSentence: "Wenn auch andere dieses Gerät benutzen, schließen Sie bitte auch das Browserfenster.",
        signInAgain: "Wieder anmelden",
        errorStatus: "Fehler {status}",
        reference: "Kennung",
        goToStart: "Zur Startseite",
        switchAccount: "Anderes Konto verwenden",
        backTo: "Zurück zu {application}",
        notAllowed: Message(
            heading: "Sie haben keinen Zugang zu dieser Seite",
            sentence: "Ihr Konto darf diese Seite nicht öffnen.",
            advice: "Wenn Sie meinen, dass es das dürfen sollte, fragen Sie die Betreuer dieser Anwendung."),
        notAdmitted: Message(
            heading: "Mit diesem Konto können Sie sich hier nicht anmelden",
            sentence: "Dieses Konto darf die Anwendungen hier nicht verwenden.",
            advice: "Melden Sie sich mit einem anderen Konto an, oder fragen Sie die Betreuer dieser Anwendungen."),
        badRequest: Message(
            heading: "Diese Anfrage lässt sich nicht beantworten",
            sentence: "Etwas an der Adresse oder am Formular ist nicht, wie es sein soll.",
            advice: "Gehen Sie zurück und versuchen Sie es noch einmal, oder beginnen Sie auf der ersten Seite der Anwendung."),
        notFound: Message(
            heading: "Diese Seite gibt es nicht",
            sentence: "Die Adresse führt nirgendwohin.",
            advice: "Prüfen Sie die Adresse, oder beginnen Sie auf der ersten Seite der Anwendung."),
        signInFailed: Message(
            heading: "Die Anmeldung hat nicht geklappt",
            sentence: "Die Anmeldung konnte nicht abgeschlossen werden, und Sie sind nicht angemeldet.",
            advice:
                "Versuchen Sie es noch einmal. Klappt es weiterhin nicht, prüfen Sie, ob Cookies hier erlaubt sind und Ihre Uhr richtig geht; wenden Sie sich dann an Ihre Administration."
        ),
        unavailable: Message(
            heading: "Zurzeit nicht verfügbar",
            sentence: "Ein Teil, der für die Anmeldung gebraucht wird, antwortet nicht.",
            advice: "Versuchen Sie es in einer Minute noch einmal."),
        internalError: Message(
            heading: "Etwas ist schiefgegangen",
            sentence: "Der Fehler liegt bei uns.",
            advice: "Versuchen Sie es noch einmal. Geschieht es wieder, wenden Sie sich an Ihre Administration."),
        clientMistake: Message(
            heading: "Die Anwendung hat so gefragt, dass es keine Antwort gibt",
            sentence: "{reason}.",
            advice:
                "Gehen Sie zurück und versuchen Sie es noch einmal. Geschieht es wieder, nennen Sie den Betreuern der Anwendung die Kennung."
        ),
        notStrongEnough: Message(
            heading: "Diese Seite verlangt eine stärkere Anmeldung",
            sentence:
                "Der Anmeldedienst hat nicht bestätigt, dass Sie sich so oder so kürzlich angemeldet haben, wie diese Seite es verlangt.",
            advice:
                "Melden Sie sich noch einmal an. Hilft das nicht, geben Sie die Referenz unten denen, die die Anwendung betreuen."
        ),
        signInExpired: Message(
            heading: "Diese Anmeldung hat zu lange gedauert",
            sentence: "Die Seite war länger als eine Stunde offen, oder sie ist eine alte Kopie.",
            advice: "Gehen Sie zurück zur Anwendung und melden Sie sich von dort aus an."),
        formFromElsewhere: Message(
            heading: "Das Formular kam von einer anderen Website",
            sentence: "Niemand wurde angemeldet.",
            advice: "Öffnen Sie die Anwendung, die Sie benutzen möchten, und melden Sie sich von dort aus an."),
        nothingToSignOutOf: Message(
            heading: "Es wurde keine Sitzung beendet",
            sentence: "Die Anfrage sagte nicht, welche Sitzung enden soll.",
            advice: "Melden Sie sich in der Anwendung ab, die Sie gerade benutzen."))
}
