extension PageTexts {
    static let portuguese = PageTexts(
        language: .portuguese,
        signIn: "Entrar",
        continueTo: "para continuar em {application}",
        emailLabel: "Endereço de e-mail",
        usernameLabel: "Nome de usuário",
        passwordLabel: "Senha",
        wrongCredentials: "O endereço de e-mail ou a senha não está correto. Confira os dois e tente novamente.",
        signInOnceMore:
            "Esta página e o seu navegador tinham perdido um ao outro de vista. Não há nada de errado com a sua senha: entre mais uma vez.",
        errorPrefix: "Erro: ",
        chooseProvider: "Escolha como entrar",
        signInWith: "Continuar com {provider}",
        signOutHeading: "Sair?",
        signedInAs: "Você entrou como {user}.",
        signOutSentence: "Você terá de entrar novamente para usar os seus aplicativos.",
        signOut: "Sair",
        signOutEverywhere: "Sair em todos os dispositivos",
        staySignedIn: "Continuar conectado",
        signedOutHeading: "Você saiu",
        signedOutSentence: "Se outras pessoas usam este dispositivo, feche também a janela do navegador.",
        signInAgain: "Entrar novamente",
        errorStatus: "Erro {status}",
        reference: "Referência",
        goToStart: "Ir para a página inicial",
        switchAccount: "Usar outra conta",
        backTo: "Voltar para {application}",
        notAllowed: Message(
            heading: "Você não tem acesso a esta página",
            sentence: "A sua conta não pode abrir esta página.",
            advice: "Se você acha que deveria poder, fale com os responsáveis por este aplicativo."),
        notAdmitted: Message(
            heading: "Você não pode entrar aqui com esta conta",
            sentence: "Esta conta não está entre as que podem usar os aplicativos daqui.",
            advice: "Entre com outra conta ou fale com os responsáveis por estes aplicativos."),
        badRequest: Message(
            heading: "Não é possível responder a este pedido",
            sentence: "Algo no endereço ou no formulário não está como deveria.",
            advice: "Volte e tente novamente, ou recomece pela primeira página do aplicativo."),
        notFound: Message(
            heading: "Esta página não existe",
            sentence: "O endereço não leva a lugar nenhum.",
            advice: "Confira o endereço ou recomece pela primeira página do aplicativo."),
        signInFailed: Message(
            heading: "Não foi possível entrar",
            sentence: "A entrada não pôde ser concluída, e você não está conectado.",
            advice:
                "Tente novamente. Se continuar falhando, veja se os cookies são permitidos aqui e se o seu relógio está certo, e depois avise o seu administrador."
        ),
        unavailable: Message(
            heading: "Indisponível no momento",
            sentence: "Uma parte necessária para entrar não responde.",
            advice: "Tente novamente em um minuto."),
        internalError: Message(
            heading: "Algo deu errado",
            sentence: "A falha é nossa.",
            advice: "Tente novamente. Se acontecer outra vez, avise o seu administrador."),
        clientMistake: Message(
            heading: "O aplicativo fez um pedido ao qual não é possível responder",
            sentence: "{reason}.",
            advice:
                "Volte e tente novamente. Se acontecer outra vez, informe a referência abaixo aos responsáveis pelo aplicativo."),
        notStrongEnough: Message(
            heading: "Esta página pede uma entrada mais segura",
            sentence:
                "O serviço de entrada não confirmou que você entrou da maneira, ou tão recentemente, como esta página pede.",
            advice: "Entre novamente. Se não adiantar, informe a referência abaixo aos responsáveis pelo aplicativo."),
        signInExpired: Message(
            heading: "Esta entrada demorou demais",
            sentence: "A página ficou aberta por mais de uma hora, ou é uma cópia antiga.",
            advice: "Volte ao aplicativo e entre a partir dele."),
        formFromElsewhere: Message(
            heading: "O formulário veio de outro site",
            sentence: "Ninguém entrou.",
            advice: "Abra o aplicativo que você quer usar e entre a partir dele."),
        nothingToSignOutOf: Message(
            heading: "Nenhuma sessão foi encerrada",
            sentence: "O pedido não dizia qual sessão encerrar.",
            advice: "Saia por dentro do aplicativo que você está usando."))
}
