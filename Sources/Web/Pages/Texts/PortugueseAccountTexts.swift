extension PasswordTexts {
    static let portuguese = PasswordTexts(
        language: .portuguese, tryAgain: "Houve senhas erradas demais. Tente novamente em {seconds} segundos.",
        setHeading: "Defina a sua senha", setFor: "para a conta {user}", changeHeading: "Altere a sua senha",
        old: "Senha atual", new: "Nova senha", repeated: "Nova senha mais uma vez", set: "Definir",
        change: "Alterar", wrongOld: "A senha atual não está correta.",
        notTheSame: "As duas novas senhas não são iguais.",
        tooShort: "A nova senha precisa de pelo menos {count} caracteres.",
        tooLong: "A nova senha tem mais de {count} bytes.",
        refused: "Esta senha está em uma lista das que outros tentam primeiro. Escolha outra.",
        unusable: "Esta senha não pode ser usada. Escolha outra.",
        isSet: .init(
            heading: "A sua senha está definida", sentence: "A partir de agora você pode entrar com ela.",
            advice: "Abra o aplicativo que você quer usar e entre a partir dele."),
        isChanged: .init(
            heading: "A sua senha foi alterada", sentence: "A sua sessão foi encerrada em toda parte, menos neste navegador.",
            advice: "A partir de agora entre com a nova senha."),
        linkIsGone: .init(
            heading: "Este link não vale mais", sentence: "Ele já foi usado, é antigo demais ou falta uma parte dele.",
            advice: "Peça um novo aos responsáveis pelas contas."),
        keptElsewhere: .init(
            heading: "A sua senha não é guardada aqui",
            sentence: "A conta com que você entrou tem a senha em outro lugar.",
            advice: "Altere-a lá ou fale com os responsáveis pelas contas."))
}

extension SecondFactorTexts {
    static let portuguese = SecondFactorTexts(
        language: .portuguese, codeHeading: "Digite o seu código",
        codeSentence: "Digite os seis dígitos que o seu aplicativo autenticador mostra, ou um dos seus códigos de recuperação.",
        code: "Código de uso único", goOn: "Continuar", wrongCode: "Este código não está correto ou já foi usado.",
        tryAgain: "Houve códigos errados demais. Tente novamente em {seconds} segundos.",
        enrolmentHeading: "Configure um aplicativo autenticador",
        enrolmentSentence:
            "Leia a imagem com um aplicativo autenticador, ou digite nele a chave. Depois digite os seis dígitos que ele mostra.",
        picture: "Código QR com a chave", key: "Chave:", recoveryHeading: "Os seus códigos de recuperação",
        recoverySentence:
            "Cada um destes códigos vale uma vez, no lugar do aplicativo. Guarde-os onde você os encontre sem o telefone. Eles não serão mostrados novamente.",
        listHeading: "Os seus segundos fatores", none: "Você não configurou nenhum segundo fator.",
        app: "Aplicativo autenticador", recoveryCodes: "Códigos de recuperação restantes: {count}",
        lastUsed: "Último uso: {day}", confirmSentence: "Para alterar algo aqui, digite primeiro um código.",
        setUp: "Configurar um aplicativo autenticador", remove: "Remover", newCodes: "Criar novos códigos de recuperação",
        signInAgain: .init(
            heading: "Entre mais uma vez primeiro",
            sentence: "Faz tempo demais que você entrou para configurar um segundo fator.",
            advice: "Saia, entre novamente a partir de um aplicativo e volte a esta página."))
}

extension PasskeyTexts {
    static let portuguese = PasskeyTexts(
        language: .portuguese, signIn: "Entrar com uma chave de acesso",
        useOrRecover: "Use uma chave de acesso, ou digite um dos seus códigos de recuperação.", use: "Usar uma chave de acesso",
        add: "Adicionar uma chave de acesso", label: "Nome da chave de acesso",
        needsScript: "As chaves de acesso precisam de JavaScript, que está desativado neste navegador.",
        unsupported: "Este navegador não conhece chaves de acesso.",
        failed: "Nenhuma chave de acesso foi usada. Você pode tentar novamente.",
        known: "Este dispositivo já tem uma chave de acesso para esta conta.", name: "Chave de acesso",
        refused: "Esta chave de acesso não foi aceita.", expired: "Demorou demais. Use a chave de acesso mais uma vez.")
}

extension SSOTexts {
    static let portuguese = SSOTexts(
        language: .portuguese, remember: "Continuar conectado neste navegador", chooseAccount: "Escolha uma conta",
        consentHeading: "{application} pode saber isto?", consentSentence: "O aplicativo pede:", allow: "Permitir",
        deny: "Não permitir", scopeOpenID: "quem você é aqui", scopeEmail: "o seu endereço de e-mail",
        scopeProfile: "o seu nome e nome de usuário", scopeGroups: "os grupos de que você faz parte",
        scopeFederatedID: "a conta com que você entrou",
        scopeOfflineAccess: "para continuar na sua ausência, sem perguntar novamente", scopeOther: "acesso a {scope}",
        consentsHeading: "O que você permitiu", noConsents: "Você não permitiu nada a nenhum aplicativo.",
        takeBack: "Retirar",
        notSignedIn: .init(
            heading: "Você não entrou", sentence: "Esta página é para quem entrou.",
            advice: "Abra o aplicativo que você quer usar e entre a partir dele."))
}
