extension PageTexts {
    static let arabic = PageTexts(
        language: .arabic,
        signIn: "تسجيل الدخول",
        continueTo: "للمتابعة إلى {application}",
        emailLabel: "البريد الإلكتروني",
        usernameLabel: "اسم المستخدم",
        passwordLabel: "كلمة المرور",
        wrongCredentials: "البريد الإلكتروني أو كلمة المرور غير صحيحة. تحقق منهما وحاول مرة أخرى.",
        signInOnceMore: "انقطعت الصلة بين هذه الصفحة ومتصفحك. لا مشكلة في كلمة مرورك: سجّل الدخول مرة أخرى من فضلك.",
        errorPrefix: "خطأ: ",
        chooseProvider: "اختر طريقة تسجيل الدخول",
        signInWith: "المتابعة باستخدام {provider}",
        signOutHeading: "هل تريد تسجيل الخروج؟",
        signedInAs: "أنت مسجّل الدخول باسم {user}.",
        signOutSentence: "سيتعين عليك تسجيل الدخول من جديد لاستخدام تطبيقاتك.",
        signOut: "تسجيل الخروج",
        signOutEverywhere: "تسجيل الخروج من جميع الأجهزة",
        staySignedIn: "البقاء مسجّل الدخول",
        signedOutHeading: "تم تسجيل خروجك",
        signedOutSentence: "إذا كان آخرون يستخدمون هذا الجهاز، فأغلق نافذة المتصفح أيضًا.",
        signInAgain: "تسجيل الدخول من جديد",
        errorStatus: "خطأ {status}",
        reference: "الرقم المرجعي",
        goToStart: "الانتقال إلى صفحة البداية",
        switchAccount: "استخدام حساب آخر",
        backTo: "العودة إلى {application}",
        notAllowed: Message(
            heading: "ليس لديك إذن بالوصول إلى هذه الصفحة",
            sentence: "لا يمكن لحسابك فتح هذه الصفحة.",
            advice: "إذا كنت ترى أنه ينبغي ذلك، فاسأل القائمين على هذا التطبيق."),
        notAdmitted: Message(
            heading: "لا يمكنك تسجيل الدخول هنا بهذا الحساب",
            sentence: "هذا الحساب ليس من الحسابات المسموح لها باستخدام التطبيقات هنا.",
            advice: "سجّل الدخول بحساب آخر، أو اسأل القائمين على هذه التطبيقات."),
        badRequest: Message(
            heading: "لا يمكن الرد على هذا الطلب",
            sentence: "هناك خطأ ما في العنوان أو في النموذج.",
            advice: "ارجع وحاول مرة أخرى، أو ابدأ من الصفحة الأولى للتطبيق."),
        notFound: Message(
            heading: "لا توجد صفحة كهذه",
            sentence: "هذا العنوان لا يؤدي إلى أي صفحة.",
            advice: "تحقق من العنوان، أو ابدأ من الصفحة الأولى للتطبيق."),
        signInFailed: Message(
            heading: "لم ينجح تسجيل الدخول",
            sentence: "تعذّر إكمال تسجيل الدخول، ولست مسجّل الدخول.",
            advice:
                "حاول مرة أخرى. إذا استمر الفشل، فتأكد من السماح بملفات تعريف الارتباط هنا ومن صحة ساعتك، ثم أخبر المسؤول."),
        unavailable: Message(
            heading: "غير متاح في الوقت الحالي",
            sentence: "جزء لازم لتسجيل الدخول لا يستجيب.",
            advice: "حاول مرة أخرى بعد دقيقة."),
        internalError: Message(
            heading: "حدث خطأ ما",
            sentence: "الخطأ من جانبنا.",
            advice: "حاول مرة أخرى. إذا تكرر ذلك، فأخبر المسؤول."),
        clientMistake: Message(
            heading: "أرسل التطبيق طلبًا لا يمكن الرد عليه",
            sentence: "{reason}.",
            advice: "ارجع وحاول مرة أخرى. إذا تكرر ذلك، فأعط الرقم المرجعي أدناه للقائمين على التطبيق."),
        notStrongEnough: Message(
            heading: "تطلب هذه الصفحة تسجيل دخول أقوى",
            sentence: "لم تؤكد خدمة تسجيل الدخول أنك سجّلت الدخول بالطريقة أو في الوقت القريب الذي تطلبه هذه الصفحة.",
            advice: "سجّل الدخول مرة أخرى. إذا لم ينفع ذلك، فأعط الرقم المرجعي أدناه للقائمين على التطبيق."),
        signInExpired: Message(
            heading: "استغرق تسجيل الدخول وقتًا طويلًا",
            sentence: "بقيت الصفحة مفتوحة أكثر من ساعة، أو أنها نسخة قديمة.",
            advice: "ارجع إلى التطبيق وسجّل الدخول من هناك."),
        formFromElsewhere: Message(
            heading: "جاء النموذج من موقع آخر",
            sentence: "لم يسجَّل دخول أي شخص.",
            advice: "افتح التطبيق الذي تريد استخدامه وسجّل الدخول من هناك."),
        nothingToSignOutOf: Message(
            heading: "لم تُنهَ أي جلسة",
            sentence: "لم يذكر الطلب الجلسة المراد إنهاؤها.",
            advice: "سجّل الخروج من داخل التطبيق الذي تستخدمه."))
}
