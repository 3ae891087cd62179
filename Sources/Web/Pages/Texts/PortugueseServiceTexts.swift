extension GrantTexts {
    static let portuguese = GrantTexts(
        scopes: .init(
            heading: "Esta página precisa de uma permissão que não foi concedida",
            sentence: "Foi pedido {scopes} ao serviço de entrada, e ele não concedeu tudo.",
            advice: "Entre novamente e dê a sua permissão. Se não adiantar, avise os responsáveis por este aplicativo."),
        noToken: .init(
            heading: "Você não tem acesso a este aplicativo",
            sentence: "Foi pedido ao serviço de entrada um token para este aplicativo, e ele não emitiu nenhum.",
            advice: "Entre novamente. Se não adiantar, avise os responsáveis por este aplicativo."))
}

extension CredentialTexts {
    static let portuguese = CredentialTexts(
        refused: .init(
            heading: "Esta credencial não é aceita",
            sentence: "O token ou a senha que veio com o pedido não vale aqui.",
            advice: "Obtenha uma nova credencial, ou deixe-a de fora e entre."),
        tooMany: .init(
            heading: "Tentativas demais", sentence: "Houve tokens ou senhas errados demais.",
            advice: "Espere um pouco e tente novamente."))
}

extension UpstreamTexts {
    static let portuguese = UpstreamTexts(
        language: .portuguese,
        denied: .init(
            heading: "Você não entrou", sentence: "A entrada em {connector} foi cancelada ou recusada.",
            advice: "Tente novamente. Se for sempre recusada, fale com os responsáveis pela sua conta naquele serviço."),
        email: .init(
            heading: "O seu endereço de e-mail não está verificado",
            sentence: "{connector} não informa nenhum endereço de e-mail seu que tenha verificado.",
            advice: "Faça verificar o seu endereço em {connector} e depois entre novamente."))
}

extension DeviceTexts {
    static let portuguese = DeviceTexts(
        heading: "Conecte um dispositivo", sentence: "Digite o código que o seu dispositivo mostra.", code: "Código",
        goOn: "Continuar",
        unknownCode: "Nenhum dispositivo espera com este código. Confira-o, ou faça o dispositivo mostrar um novo.",
        tooManyTries: "Houve tentativas demais. Espere um minuto e tente novamente.", question: "Este dispositivo é seu?",
        wants: "{application}, em outro dispositivo, quer usar a sua conta. O dispositivo mostra este código:",
        warning: "Se o dispositivo não está na sua frente, ou se alguém lhe enviou o código, recuse.", allow: "Permitir",
        refuse: "Recusar", openID: "Saber que é você", email: "Conhecer o seu endereço de e-mail",
        profile: "Conhecer o seu nome e nome de usuário", groups: "Saber de quais grupos você faz parte",
        federatedID: "Saber com qual conta você entrou",
        offlineAccess: "Continuar conectado na sua ausência",
        connected: .init(
            heading: "O dispositivo está conectado", sentence: "Ele continua sozinho em alguns segundos.",
            advice: "Você pode fechar esta janela."),
        denied: .init(
            heading: "O dispositivo foi recusado", sentence: "Ele não obteve acesso à sua conta.",
            advice: "Você pode fechar esta janela."),
        tooLate: .init(
            heading: "O dispositivo não foi conectado",
            sentence: "A entrada não foi concluída, demorou demais ou já foi respondida.",
            advice: "Digite o código novamente, ou faça o dispositivo mostrar um novo."))
}

extension SessionTexts {
    static let portuguese = SessionTexts(
        heading: "Onde você entrou", sentence: "Encerre as sessões que você não conhece ou de que não precisa mais.",
        current: "Esta sessão", unknownDevice: "Dispositivo desconhecido", created: "Entrada", used: "Último uso",
        end: "Encerrar esta sessão", endOthers: "Encerrar todas as outras sessões",
        loop: .init(
            heading: "A entrada está andando em círculos",
            sentence: "Você entrou três vezes em um minuto, mas o seu navegador não guardou a sessão.",
            advice:
                "Permita os cookies aqui, confira o seu relógio e tente novamente em um minuto. Administradores: confiram o domínio do cookie (cookie domain), se o endereço é https e o relógio."
        ),
        signedIn: .init(
            heading: "Você entrou", sentence: "A sua página se abre sozinha.", advice: "Se não abrir, continue manualmente."),
        goOn: "Continuar",
        rememberMe: "Continuar conectado neste dispositivo")
}

extension KeptPostTexts {
    static let portuguese = KeptPostTexts(
        lost: .init(
            heading: "Você não entrou", sentence: "O que você enviou não foi aceito.",
            advice: "Volte para copiar o que precisa, entre e envie novamente."),
        kept: .init(
            heading: "A sua sessão terminou", sentence: "O que você enviou está guardado nesta página, e em nenhum outro lugar.",
            advice: "Entre e depois envie novamente."),
        waiting: .init(
            heading: "Você entrou", sentence: "O que você enviou espera onde você o deixou.",
            advice: "Volte àquela página e envie novamente."),
        ready: .init(
            heading: "Pronto para enviar", sentence: "Você entrou, e o que tinha enviado ainda está aqui.",
            advice: "Envie agora ou feche esta página."),
        send: "Enviar novamente")
}

extension TokenTexts {
    static let portuguese = TokenTexts(
        heading: "Os seus tokens de acesso",
        sentence: "Os programas usam um token no seu lugar. Revogue os de que você não precisa mais.", newToken: "Novo token",
        name: "Nome", access: "Acesso", fullAccess: "Tudo o que você pode fazer", readOnly: "Somente leitura",
        expires: "Expira", used: "Último uso", never: "nunca", dayCount: "em {count} dias", create: "Criar token",
        revoke: "Revogar", confirm: "Quem tiver este token pode agir em seu nome até que ele expire. Criar?",
        created: "Copie o token agora: ele não será mostrado novamente.",
        full: "Você tem tantos tokens quantos pode ter. Revogue um primeiro.", back: "Voltar aos tokens")
}
