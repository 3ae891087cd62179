extension PageTexts {
    static let japanese = PageTexts(
        language: .japanese,
        signIn: "サインイン",
        continueTo: "{application} に進みます",
        emailLabel: "メールアドレス",
        usernameLabel: "ユーザー名",
        passwordLabel: "パスワード",
        wrongCredentials: "メールアドレスまたはパスワードが正しくありません。両方を確認して、もう一度お試しください。",
        signInOnceMore: "このページとブラウザーの対応が失われました。パスワードに問題はありません。もう一度サインインしてください。",
        errorPrefix: "エラー: ",
        chooseProvider: "サインイン方法の選択",
        signInWith: "{provider} で続ける",
        signOutHeading: "サインアウトしますか？",
        signedInAs: "{user} としてサインインしています。",
        signOutSentence: "アプリケーションを使うには、もう一度サインインする必要があります。",
        signOut: "サインアウト",
        signOutEverywhere: "すべてのデバイスでサインアウト",
        staySignedIn: "サインインしたままにする",
        signedOutHeading: "サインアウトしました",
        signedOutSentence: "このデバイスを他の人も使う場合は、ブラウザーのウィンドウも閉じてください。",
        signInAgain: "もう一度サインイン",
        errorStatus: "エラー {status}",
        reference: "照会番号",
        goToStart: "最初のページへ",
        switchAccount: "別のアカウントを使う",
        backTo: "{application} に戻る",
        notAllowed: Message(
            heading: "このページへのアクセス権がありません",
            sentence: "お使いのアカウントではこのページを開けません。",
            advice: "開けるはずだと思われる場合は、このアプリケーションの担当者にお問い合わせください。"),
        notAdmitted: Message(
            heading: "このアカウントではサインインできません",
            sentence: "このアカウントには、ここのアプリケーションの利用が許可されていません。",
            advice: "別のアカウントでサインインするか、アプリケーションの管理者にお問い合わせください。"),
        badRequest: Message(
            heading: "このリクエストには応答できません",
            sentence: "アドレスまたはフォームの内容に誤りがあります。",
            advice: "戻ってもう一度試すか、アプリケーションの最初のページからやり直してください。"),
        notFound: Message(
            heading: "ページが見つかりません",
            sentence: "このアドレスにはページがありません。",
            advice: "アドレスを確認するか、アプリケーションの最初のページからやり直してください。"),
        signInFailed: Message(
            heading: "サインインできませんでした",
            sentence: "サインインを完了できなかったため、サインインしていません。",
            advice: "もう一度お試しください。それでもできない場合は、Cookie が許可されていることと時計が合っていることを確認してから、管理者に連絡してください。"),
        unavailable: Message(
            heading: "現在ご利用いただけません",
            sentence: "サインインに必要な機能が応答していません。",
            advice: "しばらくしてからもう一度お試しください。"),
        internalError: Message(
            heading: "問題が発生しました",
            sentence: "こちら側の不具合です。",
            advice: "もう一度お試しください。再び起こる場合は、管理者に連絡してください。"),
        clientMistake: Message(
            heading: "アプリケーションからの要求に応答できません",
            sentence: "{reason}.",
            advice: "戻ってもう一度お試しください。再び起こる場合は、下の照会番号をアプリケーションの担当者に伝えてください。"),
        notStrongEnough: Message(
            heading: "このページはより強いサインインを求めています",
            sentence: "サインインサービスは、このページが求める方法または新しさでサインインしたことを確認しませんでした。",
            advice: "もう一度サインインしてください。解決しない場合は、下の照会番号をアプリケーションの担当者に伝えてください。"),
        signInExpired: Message(
            heading: "サインインに時間がかかりすぎました",
            sentence: "ページが 1 時間以上開かれていたか、古いコピーです。",
            advice: "アプリケーションに戻り、そこからサインインしてください。"),
        formFromElsewhere: Message(
            heading: "フォームが別のサイトから送られました",
            sentence: "誰もサインインしていません。",
            advice: "使いたいアプリケーションを開き、そこからサインインしてください。"),
        nothingToSignOutOf: Message(
            heading: "終了したセッションはありません",
            sentence: "どのセッションを終了するかが指定されていません。",
            advice: "お使いのアプリケーションからサインアウトしてください。"))
}
