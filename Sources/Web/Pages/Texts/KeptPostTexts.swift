/// The sentences around a form that was sent after the session had ended.
struct KeptPostTexts: Sendable {
    /// It could not be kept.
    let lost: PageTexts.Message
    /// It is in the page.
    let kept: PageTexts.Message
    /// The sign-in is done, and the form is in another tab or on its way.
    let waiting: PageTexts.Message
    /// It can be sent.
    let ready: PageTexts.Message
    let send: String

    static func of(_ language: Language) -> KeptPostTexts {
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

    private static let english = KeptPostTexts(
        lost: .init(
            heading: "You are not signed in", sentence: "What you sent was not taken.",
            advice: "Go back to copy what you need, sign in, and send it once more."),
        kept: .init(
            heading: "You are not signed in any more", sentence: "What you sent is kept in this page, and nowhere else.",
            advice: "Sign in, then send it again."),
        waiting: .init(
            heading: "You are signed in", sentence: "What you sent waits where you left it.",
            advice: "Go back to that page and send it again."),
        ready: .init(
            heading: "Ready to be sent again", sentence: "You are signed in, and what you sent before is still here.",
            advice: "Send it now, or close this page to leave it."),
        send: "Send it again")

    private static let german = KeptPostTexts(
        lost: .init(
            heading: "Sie sind nicht angemeldet", sentence: "Was Sie gesendet haben, wurde nicht angenommen.",
            advice: "Gehen Sie zurück, sichern Sie Ihren Text, melden Sie sich an und senden Sie ihn noch einmal."),
        kept: .init(
            heading: "Sie sind nicht mehr angemeldet",
            sentence: "Was Sie gesendet haben, steht noch auf dieser Seite und nur hier.",
            advice: "Melden Sie sich an und senden Sie es dann noch einmal."),
        waiting: .init(
            heading: "Sie sind angemeldet", sentence: "Was Sie gesendet haben, wartet dort, wo Sie es gelassen haben.",
            advice: "Gehen Sie zu der Seite zurück und senden Sie es noch einmal."),
        ready: .init(
            heading: "Bereit zum Senden", sentence: "Sie sind angemeldet, und was Sie gesendet hatten, ist noch da.",
            advice: "Senden Sie es jetzt, oder schließen Sie die Seite."),
        send: "Noch einmal senden")

    private static let french = KeptPostTexts(
        lost: .init(
            heading: "Vous n’êtes pas connecté", sentence: "Votre envoi n’a pas été accepté.",
            advice: "Revenez en arrière pour copier vos données, connectez-vous et envoyez de nouveau."),
        kept: .init(
            heading: "Vous n’êtes plus connecté", sentence: "Votre envoi est gardé dans cette page, et nulle part ailleurs.",
            advice: "Connectez-vous, puis envoyez-le de nouveau."),
        waiting: .init(
            heading: "Vous êtes connecté", sentence: "Votre envoi attend là où vous l’avez laissé.",
            advice: "Revenez à cette page et envoyez-le de nouveau."),
        ready: .init(
            heading: "Prêt à être envoyé", sentence: "Vous êtes connecté et votre envoi est encore là.",
            advice: "Envoyez-le maintenant, ou fermez cette page."),
        send: "Envoyer de nouveau")

    private static let spanish = KeptPostTexts(
        lost: .init(
            heading: "No ha iniciado sesión", sentence: "Lo que envió no se ha aceptado.",
            advice: "Vuelva atrás para copiar sus datos, inicie sesión y envíelos de nuevo."),
        kept: .init(
            heading: "Su sesión ha terminado", sentence: "Lo que envió se guarda en esta página y en ningún otro sitio.",
            advice: "Inicie sesión y envíelo de nuevo."),
        waiting: .init(
            heading: "Ha iniciado sesión", sentence: "Lo que envió espera donde lo dejó.",
            advice: "Vuelva a esa página y envíelo de nuevo."),
        ready: .init(
            heading: "Listo para enviar", sentence: "Ha iniciado sesión y lo que envió sigue aquí.",
            advice: "Envíelo ahora o cierre esta página."),
        send: "Enviar de nuevo")
}
