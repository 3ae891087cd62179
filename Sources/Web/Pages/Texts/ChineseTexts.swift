extension PageTexts {
    static let chinese = PageTexts(
        language: .chinese,
        signIn: "登录",
        continueTo: "以继续访问 {application}",
        emailLabel: "电子邮件地址",
        usernameLabel: "用户名",
        passwordLabel: "密码",
        wrongCredentials: "电子邮件地址或密码不正确。请检查后重试。",
        signInOnceMore: "此页面与您的浏览器失去了联系。您的密码没有问题，请再登录一次。",
        errorPrefix: "错误：",
        chooseProvider: "选择登录方式",
        signInWith: "使用 {provider} 继续",
        signOutHeading: "要退出登录吗？",
        signedInAs: "您已以 {user} 的身份登录。",
        signOutSentence: "之后需要重新登录才能使用您的应用。",
        signOut: "退出登录",
        signOutEverywhere: "在所有设备上退出登录",
        staySignedIn: "保持登录",
        signedOutHeading: "您已退出登录",
        signedOutSentence: "如果其他人也使用此设备，请同时关闭浏览器窗口。",
        signInAgain: "重新登录",
        errorStatus: "错误 {status}",
        reference: "参考编号",
        goToStart: "前往首页",
        switchAccount: "使用其他帐户",
        backTo: "返回 {application}",
        notAllowed: Message(
            heading: "您无权访问此页面",
            sentence: "您的帐户不能打开此页面。",
            advice: "如果您认为应该可以，请联系此应用的负责人。"),
        notAdmitted: Message(
            heading: "无法使用此账号在此登录",
            sentence: "此账号无权使用这里的应用。",
            advice: "请使用其他账号登录，或联系这些应用的管理员。"),
        badRequest: Message(
            heading: "无法处理此请求",
            sentence: "地址或表单中的内容有误。",
            advice: "请返回重试，或从应用的首页重新开始。"),
        notFound: Message(
            heading: "没有这个页面",
            sentence: "此地址不指向任何页面。",
            advice: "请检查地址，或从应用的首页重新开始。"),
        signInFailed: Message(
            heading: "登录未成功",
            sentence: "登录未能完成，您尚未登录。",
            advice: "请重试。如果仍然失败，请确认此处允许使用 Cookie 且时钟准确，然后联系管理员。"),
        unavailable: Message(
            heading: "暂时无法使用",
            sentence: "登录所需的某个部分没有响应。",
            advice: "请过一分钟再试。"),
        internalError: Message(
            heading: "出错了",
            sentence: "问题出在我们这边。",
            advice: "请重试。如果再次发生，请联系管理员。"),
        clientMistake: Message(
            heading: "无法响应应用的请求",
            sentence: "{reason}.",
            advice: "请返回重试。如果再次发生，请将下面的参考编号告知应用的负责人。"),
        notStrongEnough: Message(
            heading: "此页面要求更强的登录",
            sentence: "登录服务未确认您是以此页面要求的方式或在要求的时间内登录的。",
            advice: "请重新登录。如果仍然不行，请将下面的参考编号告知应用的负责人。"),
        signInExpired: Message(
            heading: "登录用时过长",
            sentence: "页面打开已超过一小时，或者是旧的副本。",
            advice: "请返回应用，并从那里登录。"),
        formFromElsewhere: Message(
            heading: "表单来自其他网站",
            sentence: "没有人登录。",
            advice: "请打开您要使用的应用，并从那里登录。"),
        nothingToSignOutOf: Message(
            heading: "没有结束任何会话",
            sentence: "请求没有说明要结束哪个会话。",
            advice: "请从您正在使用的应用中退出登录。"))
}
