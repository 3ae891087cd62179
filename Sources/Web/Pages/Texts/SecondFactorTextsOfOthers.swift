extension SecondFactorTexts {
    static let greek = SecondFactorTexts(
        language: .greek, codeHeading: "Πληκτρολογήστε τον κωδικό σας",
        codeSentence:
            "Πληκτρολογήστε τα έξι ψηφία που δείχνει η εφαρμογή ελέγχου ταυτότητας, ή έναν από τους κωδικούς ανάκτησης.",
        code: "Κωδικός μίας χρήσης", goOn: "Συνέχεια", wrongCode: "Ο κωδικός δεν είναι σωστός ή έχει ήδη χρησιμοποιηθεί.",
        tryAgain: "Έγιναν πάρα πολλές λανθασμένες προσπάθειες. Δοκιμάστε ξανά σε {seconds} δευτερόλεπτα.",
        enrolmentHeading: "Ρύθμιση εφαρμογής ελέγχου ταυτότητας",
        enrolmentSentence:
            "Σαρώστε την εικόνα με μια εφαρμογή ελέγχου ταυτότητας, ή πληκτρολογήστε εκεί το κλειδί. Έπειτα γράψτε τα έξι ψηφία που δείχνει.",
        picture: "Κωδικός QR με το κλειδί", key: "Κλειδί:", recoveryHeading: "Οι κωδικοί ανάκτησής σας",
        recoverySentence:
            "Καθένας από αυτούς ισχύει μία φορά, στη θέση της εφαρμογής. Φυλάξτε τους εκεί όπου θα τους βρείτε χωρίς το τηλέφωνό σας. Δεν θα εμφανιστούν ξανά.",
        listHeading: "Οι δεύτεροι παράγοντές σας", none: "Δεν έχετε ρυθμίσει δεύτερο παράγοντα.",
        app: "Εφαρμογή ελέγχου ταυτότητας", recoveryCodes: "Κωδικοί ανάκτησης που απομένουν: {count}",
        lastUsed: "Τελευταία χρήση: {day}", confirmSentence: "Για να αλλάξετε κάτι εδώ, πληκτρολογήστε πρώτα έναν κωδικό.",
        setUp: "Ρύθμιση εφαρμογής ελέγχου ταυτότητας", remove: "Αφαίρεση", newCodes: "Δημιουργία νέων κωδικών ανάκτησης",
        signInAgain: .init(
            heading: "Συνδεθείτε πρώτα ξανά",
            sentence: "Έχει περάσει πολύς χρόνος από τη σύνδεσή σας για να ρυθμίσετε δεύτερο παράγοντα.",
            advice: "Αποσυνδεθείτε, συνδεθείτε ξανά από μια εφαρμογή και επιστρέψτε σε αυτή τη σελίδα."))

    static let japanese = SecondFactorTexts(
        language: .japanese, codeHeading: "コードを入力してください",
        codeSentence: "認証アプリに表示される 6 桁の数字、またはリカバリーコードを入力してください。", code: "ワンタイムコード", goOn: "続ける",
        wrongCode: "このコードは正しくないか、すでに使われています。", tryAgain: "誤ったコードが多すぎます。{seconds} 秒後にもう一度お試しください。",
        enrolmentHeading: "認証アプリの設定",
        enrolmentSentence: "認証アプリで画像を読み取るか、キーを入力してください。その後、アプリに表示される 6 桁の数字を入力してください。", picture: "キーの QR コード",
        key: "キー:", recoveryHeading: "リカバリーコード",
        recoverySentence: "各コードはアプリの代わりに一度だけ使えます。スマートフォンがなくても見つかる場所に保管してください。再表示はされません。",
        listHeading: "2 つ目の認証要素", none: "2 つ目の認証要素は設定されていません。", app: "認証アプリ", recoveryCodes: "残りのリカバリーコード: {count}",
        lastUsed: "最終使用日: {day}", confirmSentence: "ここで変更するには、まずコードを入力してください。", setUp: "認証アプリを設定する", remove: "削除",
        newCodes: "新しいリカバリーコードを作る",
        signInAgain: .init(
            heading: "もう一度サインインしてください", sentence: "サインインから時間が経ちすぎているため、設定できません。",
            advice: "サインアウトし、アプリケーションからもう一度サインインして、このページに戻ってください。"))

    static let chinese = SecondFactorTexts(
        language: .chinese, codeHeading: "请输入您的验证码", codeSentence: "请输入身份验证器应用显示的六位数字,或您的一个恢复代码。", code: "一次性验证码",
        goOn: "继续", wrongCode: "此验证码不正确,或已被使用。", tryAgain: "错误的验证码过多。请在 {seconds} 秒后重试。", enrolmentHeading: "设置身份验证器应用",
        enrolmentSentence: "请用身份验证器应用扫描图片,或在其中输入密钥。然后输入应用显示的六位数字。", picture: "包含密钥的二维码", key: "密钥:",
        recoveryHeading: "您的恢复代码", recoverySentence: "每个代码可代替应用使用一次。请保存在没有手机时也能找到的地方。它们不会再次显示。", listHeading: "您的第二验证因素",
        none: "您尚未设置第二验证因素。", app: "身份验证器应用", recoveryCodes: "剩余恢复代码:{count}", lastUsed: "上次使用:{day}",
        confirmSentence: "要在此处更改内容,请先输入验证码。",
        setUp: "设置身份验证器应用", remove: "移除", newCodes: "生成新的恢复代码",
        signInAgain: .init(heading: "请先重新登录", sentence: "您登录的时间过久,无法设置第二验证因素。", advice: "请退出,从应用重新登录,然后返回此页面。"))

    static let arabic = SecondFactorTexts(
        language: .arabic, codeHeading: "أدخل الرمز",
        codeSentence: "اكتب الأرقام الستة التي يعرضها تطبيق المصادقة، أو أحد رموز الاسترداد.", code: "رمز لمرة واحدة",
        goOn: "متابعة",
        wrongCode: "هذا الرمز غير صحيح أو سبق استخدامه.",
        tryAgain: "عدد الرموز الخاطئة كبير جدًا. حاول مرة أخرى بعد {seconds} ثانية.",
        enrolmentHeading: "إعداد تطبيق المصادقة",
        enrolmentSentence: "امسح الصورة بتطبيق مصادقة، أو اكتب المفتاح فيه. ثم أدخل الأرقام الستة التي يعرضها التطبيق.",
        picture: "رمز QR يحتوي على المفتاح", key: "المفتاح:", recoveryHeading: "رموز الاسترداد",
        recoverySentence: "كل رمز من هذه الرموز صالح مرة واحدة بدلًا من التطبيق. احفظها حيث تجدها دون هاتفك. لن تُعرض مرة أخرى.",
        listHeading: "عوامل المصادقة الثانية", none: "لم تقم بإعداد عامل ثانٍ.", app: "تطبيق المصادقة",
        recoveryCodes: "رموز الاسترداد المتبقية: {count}", lastUsed: "آخر استخدام: {day}",
        confirmSentence: "لتغيير شيء هنا، أدخل رمزًا أولًا.",
        setUp: "إعداد تطبيق مصادقة", remove: "إزالة", newCodes: "إنشاء رموز استرداد جديدة",
        signInAgain: .init(
            heading: "سجّل الدخول مرة أخرى أولًا", sentence: "مضى وقت طويل على تسجيل دخولك لإعداد عامل ثانٍ.",
            advice: "سجّل الخروج، ثم سجّل الدخول من أحد التطبيقات، وعد إلى هذه الصفحة."))
}
