extension SSOTexts {
    static let japanese = SSOTexts(
        language: .japanese, remember: "このブラウザーでサインインしたままにする", chooseAccount: "アカウントを選択",
        consentHeading: "{application} に許可しますか?", consentSentence: "アプリケーションは次のものを求めています:", allow: "許可する",
        deny: "許可しない", scopeOpenID: "ここでのあなたの識別情報", scopeEmail: "メールアドレス", scopeProfile: "名前とユーザー名",
        scopeGroups: "所属しているグループ", scopeFederatedID: "サインインに使ったアカウント", scopeOfflineAccess: "不在の間も、確認なしで処理を続けること",
        scopeOther: "{scope} へのアクセス",
        consentsHeading: "許可した内容", noConsents: "どのアプリケーションにも許可していません。", takeBack: "取り消す",
        notSignedIn: .init(
            heading: "サインインしていません", sentence: "このページはサインインしている方のためのものです。",
            advice: "使いたいアプリケーションを開き、そこからサインインしてください。"))

    static let chinese = SSOTexts(
        language: .chinese, remember: "在此浏览器中保持登录", chooseAccount: "选择账户", consentHeading: "允许 {application} 获知这些信息吗?",
        consentSentence: "该应用请求:", allow: "允许", deny: "不允许", scopeOpenID: "您在此处的身份", scopeEmail: "您的电子邮件地址",
        scopeProfile: "您的姓名和用户名", scopeGroups: "您所属的群组", scopeFederatedID: "您登录时使用的账户", scopeOfflineAccess: "在您离开时继续工作,不再询问您",
        scopeOther: "访问 {scope}", consentsHeading: "您允许的内容", noConsents: "您没有允许任何应用获取任何内容。", takeBack: "撤回",
        notSignedIn: .init(heading: "您尚未登录", sentence: "此页面仅供已登录的用户使用。", advice: "请打开您要使用的应用,并从那里登录。"))

    static let arabic = SSOTexts(
        language: .arabic, remember: "إبقائي مسجّل الدخول في هذا المتصفح", chooseAccount: "اختر حسابًا",
        consentHeading: "هل يُسمح لتطبيق {application} بمعرفة هذا؟", consentSentence: "يطلب التطبيق:", allow: "السماح",
        deny: "عدم السماح", scopeOpenID: "من أنت هنا", scopeEmail: "عنوان بريدك الإلكتروني",
        scopeProfile: "اسمك واسم المستخدم الخاص بك", scopeGroups: "المجموعات التي تنتمي إليها",
        scopeFederatedID: "الحساب الذي سجلت الدخول به",
        scopeOfflineAccess: "المتابعة أثناء غيابك دون سؤالك مرة أخرى", scopeOther: "الوصول إلى {scope}",
        consentsHeading: "ما سمحت به", noConsents: "لم تسمح لأي تطبيق بأي شيء.", takeBack: "سحب الإذن",
        notSignedIn: .init(
            heading: "لم تسجّل الدخول", sentence: "هذه الصفحة مخصّصة لمن سجّلوا الدخول.",
            advice: "افتح التطبيق الذي تريد استخدامه وسجّل الدخول من هناك."))
}
