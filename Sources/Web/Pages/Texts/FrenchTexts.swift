extension PageTexts {
    static let french = PageTexts(
        language: .french,
        signIn: "Se connecter",
        continueTo: "pour continuer vers {application}",
        emailLabel: "Adresse e-mail",
        usernameLabel: "Nom d’utilisateur",
        passwordLabel: "Mot de passe",
        wrongCredentials: "L’adresse e-mail ou le mot de passe est incorrect. Vérifiez les deux et réessayez.",
        signInOnceMore:
            "Cette page et votre navigateur s’étaient perdus de vue. Votre mot de passe n’est pas en cause : veuillez vous connecter encore une fois.",
        errorPrefix: "Erreur : ",
        chooseProvider: "Choisissez comment vous connecter",
        signInWith: "Continuer avec {provider}",
        signOutHeading: "Se déconnecter ?",
        signedInAs: "Vous êtes connecté en tant que {user}.",
        signOutSentence: "Vous devrez vous reconnecter pour utiliser vos applications.",
        signOut: "Se déconnecter",
        signOutEverywhere: "Se déconnecter de tous les appareils",
        staySignedIn: "Rester connecté",
        signedOutHeading: "Vous êtes déconnecté",
        signedOutSentence: "Si d’autres personnes utilisent cet appareil, fermez aussi la fenêtre du navigateur.",
        signInAgain: "Se reconnecter",
        errorStatus: "Erreur {status}",
        reference: "Référence",
        goToStart: "Aller à la page d’accueil",
        switchAccount: "Utiliser un autre compte",
        backTo: "Retour à {application}",
        notAllowed: Message(
            heading: "Vous n’avez pas accès à cette page",
            sentence: "Votre compte ne peut pas ouvrir cette page.",
            advice: "Si vous pensez qu’il le devrait, adressez-vous aux responsables de cette application."),
        notAdmitted: Message(
            heading: "Vous ne pouvez pas vous connecter ici avec ce compte",
            sentence: "Ce compte n’est pas autorisé à utiliser les applications ici.",
            advice: "Connectez-vous avec un autre compte, ou demandez aux responsables de ces applications."),
        badRequest: Message(
            heading: "Impossible de répondre à cette demande",
            sentence: "Quelque chose dans l’adresse ou le formulaire n’est pas comme il faut.",
            advice: "Revenez en arrière et réessayez, ou repartez de la première page de l’application."),
        notFound: Message(
            heading: "Cette page n’existe pas",
            sentence: "L’adresse ne mène nulle part.",
            advice: "Vérifiez l’adresse, ou repartez de la première page de l’application."),
        signInFailed: Message(
            heading: "La connexion n’a pas abouti",
            sentence: "La connexion n’a pas pu être achevée, et vous n’êtes pas connecté.",
            advice:
                "Réessayez. Si cela échoue encore, vérifiez que les cookies sont autorisés ici et que votre horloge est à l’heure, puis prévenez votre administrateur."
        ),
        unavailable: Message(
            heading: "Indisponible pour le moment",
            sentence: "Un élément nécessaire à la connexion ne répond pas.",
            advice: "Réessayez dans une minute."),
        internalError: Message(
            heading: "Une erreur s’est produite",
            sentence: "L’erreur vient de notre côté.",
            advice: "Réessayez. Si cela se reproduit, prévenez votre administrateur."),
        clientMistake: Message(
            heading: "L’application a fait une demande à laquelle on ne peut pas répondre",
            sentence: "{reason}.",
            advice:
                "Revenez en arrière et réessayez. Si cela se reproduit, donnez la référence ci-dessous aux responsables de l’application."
        ),
        notStrongEnough: Message(
            heading: "Cette page demande une connexion plus forte",
            sentence:
                "Le service de connexion n’a pas confirmé que vous vous êtes connecté de la manière, ou aussi récemment, que cette page le demande.",
            advice:
                "Connectez-vous à nouveau. Si cela n’aide pas, donnez la référence ci-dessous aux responsables de l’application."),
        signInExpired: Message(
            heading: "Cette connexion a pris trop de temps",
            sentence: "La page est restée ouverte plus d’une heure, ou c’est une ancienne copie.",
            advice: "Retournez à l’application et connectez-vous à partir de là."),
        formFromElsewhere: Message(
            heading: "Le formulaire venait d’un autre site",
            sentence: "Personne n’a été connecté.",
            advice: "Ouvrez l’application que vous voulez utiliser et connectez-vous à partir de là."),
        nothingToSignOutOf: Message(
            heading: "Aucune session n’a été fermée",
            sentence: "La demande ne disait pas quelle session fermer.",
            advice: "Déconnectez-vous depuis l’application que vous utilisez."))
}
