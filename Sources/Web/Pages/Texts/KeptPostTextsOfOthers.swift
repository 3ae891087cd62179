extension KeptPostTexts {
    static let greek = KeptPostTexts(
        lost: .init(
            heading: "Δεν έχετε συνδεθεί", sentence: "Αυτό που στείλατε δεν έγινε δεκτό.",
            advice: "Γυρίστε πίσω, αντιγράψτε ό,τι χρειάζεστε, συνδεθείτε και στείλτε το ξανά."),
        kept: .init(
            heading: "Δεν είστε πια συνδεδεμένοι", sentence: "Αυτό που στείλατε φυλάσσεται σε αυτή τη σελίδα και πουθενά αλλού.",
            advice: "Συνδεθείτε και στείλτε το ξανά."),
        waiting: .init(
            heading: "Έχετε συνδεθεί", sentence: "Αυτό που στείλατε περιμένει εκεί που το αφήσατε.",
            advice: "Γυρίστε σε εκείνη τη σελίδα και στείλτε το ξανά."),
        ready: .init(
            heading: "Έτοιμο για αποστολή", sentence: "Έχετε συνδεθεί και αυτό που στείλατε είναι ακόμη εδώ.",
            advice: "Στείλτε το τώρα ή κλείστε τη σελίδα."),
        send: "Αποστολή ξανά")

    static let japanese = KeptPostTexts(
        lost: .init(
            heading: "サインインしていません", sentence: "送信した内容は受け付けられませんでした。",
            advice: "前のページに戻って内容を控え、サインインしてからもう一度送信してください。"),
        kept: .init(
            heading: "サインインの有効期限が切れました", sentence: "送信した内容はこのページにだけ保存されています。",
            advice: "サインインしてから、もう一度送信してください。"),
        waiting: .init(
            heading: "サインインしました", sentence: "送信した内容は元のページに残っています。",
            advice: "そのページに戻って、もう一度送信してください。"),
        ready: .init(
            heading: "送信できます", sentence: "サインイン済みで、送信した内容も残っています。",
            advice: "今すぐ送信するか、このページを閉じてください。"),
        send: "もう一度送信")

    static let chinese = KeptPostTexts(
        lost: .init(heading: "您尚未登录", sentence: "您发送的内容未被接受。", advice: "请返回并复制所需内容，登录后再次发送。"),
        kept: .init(heading: "您的登录已失效", sentence: "您发送的内容只保存在此页面中。", advice: "请登录，然后再次发送。"),
        waiting: .init(heading: "您已登录", sentence: "您发送的内容还在原来的页面中。", advice: "请返回该页面并再次发送。"),
        ready: .init(heading: "可以再次发送", sentence: "您已登录，之前发送的内容仍在这里。", advice: "请立即发送，或关闭此页面。"),
        send: "再次发送")

    static let arabic = KeptPostTexts(
        lost: .init(
            heading: "لم تسجّل الدخول", sentence: "لم يُقبل ما أرسلته.",
            advice: "عُد وانسخ ما تحتاج إليه، ثم سجّل الدخول وأرسله مرة أخرى."),
        kept: .init(
            heading: "انتهت جلستك", sentence: "ما أرسلته محفوظ في هذه الصفحة وحدها.", advice: "سجّل الدخول ثم أرسله مرة أخرى."),
        waiting: .init(
            heading: "لقد سجّلت الدخول", sentence: "ما أرسلته ينتظر حيث تركته.", advice: "عُد إلى تلك الصفحة وأرسله مرة أخرى."),
        ready: .init(
            heading: "جاهز للإرسال", sentence: "سجّلت الدخول وما أرسلته لا يزال هنا.", advice: "أرسله الآن أو أغلق هذه الصفحة."),
        send: "إرسال مرة أخرى")
}
