extension SessionTexts {
    static let japanese = SessionTexts(
        heading: "サインイン中の場所", sentence: "心当たりのないセッションや不要なセッションを終了してください。",
        current: "このセッション", unknownDevice: "不明なデバイス", created: "サインイン", used: "最終使用", end: "このセッションを終了",
        endOthers: "ほかのセッションをすべて終了",
        loop: .init(
            heading: "サインインが繰り返されています",
            sentence: "1 分間に 3 回サインインしましたが、ブラウザーがセッションを保持しませんでした。",
            advice:
                "このサイトの Cookie を許可し、時計を確認して、1 分後にもう一度お試しください。管理者の方へ: Cookie のドメイン (cookie domain)、アドレスが https であること、時計を確認してください。"
        ),
        signedIn: .init(heading: "サインインしました", sentence: "ページは自動的に開きます。", advice: "開かない場合は手動で進んでください。"),
        goOn: "続ける",
        rememberMe: "このデバイスでサインインしたままにする")

    static let chinese = SessionTexts(
        heading: "您的登录位置", sentence: "请结束您不认识或不再需要的会话。", current: "当前会话", unknownDevice: "未知设备", created: "登录时间",
        used: "最近使用", end: "结束此会话", endOthers: "结束所有其他会话",
        loop: .init(
            heading: "登录一直在循环", sentence: "您在一分钟内登录了三次，但浏览器没有保存会话。",
            advice: "请允许此站点使用 Cookie，检查您的时钟，一分钟后再试。管理员：请检查 Cookie 的域 (cookie domain)、地址是否为 https 以及时钟。"),
        signedIn: .init(heading: "您已登录", sentence: "您的页面会自动打开。", advice: "如果没有打开，请手动继续。"), goOn: "继续",
        rememberMe: "在此设备上保持登录状态")

    static let arabic = SessionTexts(
        heading: "أين سجّلت الدخول", sentence: "أنهِ الجلسات التي لا تعرفها أو لم تعد تحتاج إليها.", current: "هذه الجلسة",
        unknownDevice: "جهاز غير معروف", created: "تسجيل الدخول", used: "آخر استخدام", end: "إنهاء هذه الجلسة",
        endOthers: "إنهاء كل الجلسات الأخرى",
        loop: .init(
            heading: "تسجيل الدخول يدور في حلقة",
            sentence: "سُجّل دخولك ثلاث مرات خلال دقيقة واحدة، لكن متصفحك لم يحتفظ بالجلسة.",
            advice:
                "اسمح بملفات تعريف الارتباط هنا، وتأكد من ضبط ساعتك، ثم حاول مجددًا بعد دقيقة. للمسؤولين: تحققوا من نطاق ملف تعريف الارتباط (cookie domain)، ومن أن العنوان https، ومن الساعة."
        ),
        signedIn: .init(heading: "لقد سجّلت الدخول", sentence: "ستُفتح صفحتك تلقائيًا.", advice: "إذا لم تُفتح، فتابع يدويًا."),
        goOn: "متابعة",
        rememberMe: "إبقائي مسجّل الدخول على هذا الجهاز")
}
