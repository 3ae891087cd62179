/// What the pages say where the sign-in service does not grant what an application needs.
package struct GrantTexts: Sendable {
    /// `{scopes}` stands for their names.
    let scopes: PageTexts.Message
    package let noToken: PageTexts.Message
}

extension PageTexts {
    package var grants: GrantTexts {
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

    /// - Parameter scopes: that were asked for.
    package func scopesNotGranted(_ scopes: [String]) -> Message {
        var message = grants.scopes
        message.sentence = message.sentence.filled("{scopes}", isolated(scopes.joined(separator: ", ")))
        return message
    }
}

extension GrantTexts {
    fileprivate static let english = GrantTexts(
        scopes: .init(
            heading: "This page needs a permission that was not granted",
            sentence: "The sign-in service was asked for {scopes}, and did not grant all of it.",
            advice: "Sign in again and agree to it. If that does not help, tell the people who look after this application."),
        noToken: .init(
            heading: "There is no access to this application for you",
            sentence: "The sign-in service was asked for a token for this application, and did not issue one.",
            advice: "Sign in again. If that does not help, tell the people who look after this application."))

    fileprivate static let german = GrantTexts(
        scopes: .init(
            heading: "Dieser Seite fehlt eine Berechtigung",
            sentence: "Der Anmeldedienst wurde um {scopes} gebeten und hat nicht alles davon gewährt.",
            advice:
                "Melden Sie sich noch einmal an und stimmen Sie zu. Hilft das nicht, wenden Sie sich an die Betreuer dieser Anwendung."
        ),
        noToken: .init(
            heading: "Zu dieser Anwendung haben Sie keinen Zugang",
            sentence: "Der Anmeldedienst wurde um ein Token für diese Anwendung gebeten und hat keines ausgestellt.",
            advice: "Melden Sie sich noch einmal an. Hilft das nicht, wenden Sie sich an die Betreuer dieser Anwendung."))

    fileprivate static let french = GrantTexts(
        scopes: .init(
            heading: "Cette page demande une autorisation qui n’a pas été accordée",
            sentence: "Le service de connexion a été prié d’accorder {scopes}, et n’a pas tout accordé.",
            advice:
                "Connectez-vous de nouveau et donnez votre accord. Si cela ne suffit pas, prévenez les responsables de cette application."
        ),
        noToken: .init(
            heading: "Vous n’avez pas d’accès à cette application",
            sentence: "Le service de connexion a été prié d’émettre un jeton pour cette application, et ne l’a pas fait.",
            advice: "Connectez-vous de nouveau. Si cela ne suffit pas, prévenez les responsables de cette application."))

    fileprivate static let spanish = GrantTexts(
        scopes: .init(
            heading: "Esta página necesita un permiso que no se ha concedido",
            sentence: "Se pidió {scopes} al servicio de inicio de sesión, y no lo concedió todo.",
            advice: "Inicie sesión otra vez y dé su acuerdo. Si no sirve, avise a los responsables de esta aplicación."),
        noToken: .init(
            heading: "No tiene acceso a esta aplicación",
            sentence: "Se pidió al servicio de inicio de sesión un token para esta aplicación, y no emitió ninguno.",
            advice: "Inicie sesión otra vez. Si no sirve, avise a los responsables de esta aplicación."))

    fileprivate static let greek = GrantTexts(
        scopes: .init(
            heading: "Αυτή η σελίδα χρειάζεται μια άδεια που δεν δόθηκε",
            sentence: "Ζητήθηκε από την υπηρεσία σύνδεσης {scopes}, και δεν δόθηκαν όλα.",
            advice:
                "Συνδεθείτε ξανά και συμφωνήστε. Αν δεν βοηθήσει, ενημερώστε τους υπεύθυνους αυτής της εφαρμογής."),
        noToken: .init(
            heading: "Δεν έχετε πρόσβαση σε αυτή την εφαρμογή",
            sentence: "Ζητήθηκε από την υπηρεσία σύνδεσης ένα διακριτικό για αυτή την εφαρμογή, και δεν εκδόθηκε.",
            advice: "Συνδεθείτε ξανά. Αν δεν βοηθήσει, ενημερώστε τους υπεύθυνους αυτής της εφαρμογής."))

    fileprivate static let japanese = GrantTexts(
        scopes: .init(
            heading: "このページに必要な許可が与えられていません", sentence: "サインインサービスに {scopes} を求めましたが、すべては許可されませんでした。",
            advice: "もう一度サインインして同意してください。それでも解決しない場合は、このアプリケーションの担当者に連絡してください。"),
        noToken: .init(
            heading: "このアプリケーションへのアクセス権がありません", sentence: "サインインサービスにこのアプリケーション用のトークンを求めましたが、発行されませんでした。",
            advice: "もう一度サインインしてください。それでも解決しない場合は、このアプリケーションの担当者に連絡してください。"))

    fileprivate static let chinese = GrantTexts(
        scopes: .init(
            heading: "此页面需要的权限未被授予", sentence: "已向登录服务请求 {scopes}，但未全部授予。",
            advice: "请重新登录并同意授权。如果仍然不行，请联系此应用的负责人。"),
        noToken: .init(
            heading: "您无权访问此应用", sentence: "已向登录服务请求此应用的令牌，但未签发。", advice: "请重新登录。如果仍然不行，请联系此应用的负责人。"))

    fileprivate static let arabic = GrantTexts(
        scopes: .init(
            heading: "تحتاج هذه الصفحة إلى إذن لم يُمنح", sentence: "طُلب من خدمة تسجيل الدخول {scopes}، ولم تمنح كل ذلك.",
            advice: "سجّل الدخول مجددًا ووافق على ذلك. إذا لم يُفد ذلك، فأبلغ المسؤولين عن هذا التطبيق."),
        noToken: .init(
            heading: "ليس لديك وصول إلى هذا التطبيق", sentence: "طُلب من خدمة تسجيل الدخول رمز لهذا التطبيق، ولم تُصدره.",
            advice: "سجّل الدخول مجددًا. إذا لم يُفد ذلك، فأبلغ المسؤولين عن هذا التطبيق."))
}
