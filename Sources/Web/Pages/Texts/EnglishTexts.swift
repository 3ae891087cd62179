extension PageTexts {
    package static let english = PageTexts(
        language: .english,
        signIn: "Sign in",
        continueTo: "to continue to {application}",
        emailLabel: "E-mail address",
        usernameLabel: "User name",
        passwordLabel: "Password",
        wrongCredentials: "That e-mail address or password is not right. Check both and try again.",
        signInOnceMore:
            "This page and your browser had lost sight of each other. Nothing is wrong with your password: please sign in once more.",
        errorPrefix: "Error: ",
        chooseProvider: "Choose how to sign in",
        signInWith: "Continue with {provider}",
        signOutHeading: "Sign out?",
        signedInAs: "You are signed in as {user}.",
        signOutSentence: "You will have to sign in again to use your applications.",
        signOut: "Sign out",
        signOutEverywhere: "Sign out on all devices",
        staySignedIn: "Stay signed in",
        signedOutHeading: "You are signed out",
        signedOutSentence: "If others use this device, close the browser window as well.",
        signInAgain: "Sign in again",
        errorStatus: "Error {status}",
        reference: "Reference",
        goToStart: "Go to the start page",
        switchAccount: "Use another account",
        backTo: "Back to {application}",
        notAllowed: Message(
            heading: "You have no access to this page",
            sentence: "Your account may not open this page.",
            advice: "If you think that it should, ask the people who look after this application."),
        notAdmitted: Message(
            heading: "You cannot sign in here with this account",
            sentence: "This account is not among those that may use the applications here.",
            advice: "Sign in with another account, or ask the people who look after these applications."),
        badRequest: Message(
            heading: "This request cannot be answered",
            sentence: "Something in the address or in the form is not as it should be.",
            advice: "Go back and try again, or start from the application's first page."),
        notFound: Message(
            heading: "There is no such page",
            sentence: "The address leads nowhere.",
            advice: "Check the address, or start from the application's first page."),
        signInFailed: Message(
            heading: "Signing in did not work",
            sentence: "The sign-in could not be completed, and you are not signed in.",
            advice:
                "Try again. If it keeps failing, see that cookies are allowed here and that your clock is right, then tell your administrator."
        ),
        unavailable: Message(
            heading: "Not available at the moment",
            sentence: "A part that is needed for signing in does not answer.",
            advice: "Try again in a minute."),
        internalError: Message(
            heading: "Something went wrong",
            sentence: "The fault is on our side.",
            advice: "Try again. If it happens again, tell your administrator."),
        clientMistake: Message(
            heading: "The application asked in a way that cannot be answered",
            sentence: "{reason}.",
            advice:
                "Go back and try again. If it happens again, give the reference below to those who look after the application."),
        notStrongEnough: Message(
            heading: "This page asks for a stronger sign-in",
            sentence: "The sign-in service did not confirm that you signed in in the way, or as recently, as this page asks.",
            advice: "Sign in again. If it does not help, give the reference below to those who look after the application."),
        signInExpired: Message(
            heading: "This sign-in took too long",
            sentence: "The page was open for more than an hour, or it is an old copy.",
            advice: "Go back to the application and sign in from there."),
        formFromElsewhere: Message(
            heading: "The form came from another site",
            sentence: "Nobody was signed in.",
            advice: "Open the application that you want to use and sign in from there."),
        nothingToSignOutOf: Message(
            heading: "No session was ended",
            sentence: "The request did not say which session to end.",
            advice: "Sign out from within the application that you are using."))
}
