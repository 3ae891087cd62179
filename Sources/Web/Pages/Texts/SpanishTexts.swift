extension PageTexts {
    static let spanish = PageTexts(
        language: .spanish,
        signIn: "Iniciar sesión",
        continueTo: "para continuar en {application}",
        emailLabel: "Correo electrónico",
        usernameLabel: "Nombre de usuario",
        passwordLabel: "Contraseña",
        wrongCredentials: "El correo electrónico o la contraseña no es correcto. Revise ambos e inténtelo de nuevo.",
        signInOnceMore:
            "Esta página y su navegador se habían perdido de vista. Su contraseña no tiene ningún problema: inicie sesión una vez más.",
        errorPrefix: "Error: ",
        chooseProvider: "Elija cómo iniciar sesión",
        signInWith: "Continuar con {provider}",
        signOutHeading: "¿Cerrar sesión?",
        signedInAs: "Ha iniciado sesión como {user}.",
        signOutSentence: "Tendrá que iniciar sesión de nuevo para usar sus aplicaciones.",
        signOut: "Cerrar sesión",
        signOutEverywhere: "Cerrar sesión en todos los dispositivos",
        staySignedIn: "Seguir con la sesión iniciada",
        signedOutHeading: "Ha cerrado la sesión",
        signedOutSentence: "Si otras personas usan este dispositivo, cierre también la ventana del navegador.",
        signInAgain: "Iniciar sesión de nuevo",
        errorStatus: "Error {status}",
        reference: "Referencia",
        goToStart: "Ir a la página de inicio",
        switchAccount: "Usar otra cuenta",
        backTo: "Volver a {application}",
        notAllowed: Message(
            heading: "No tiene acceso a esta página",
            sentence: "Su cuenta no puede abrir esta página.",
            advice: "Si cree que debería poder, pregunte a los responsables de esta aplicación."),
        notAdmitted: Message(
            heading: "No puede iniciar sesión aquí con esta cuenta",
            sentence: "Esta cuenta no está entre las que pueden usar las aplicaciones de aquí.",
            advice: "Inicie sesión con otra cuenta o pregunte a los responsables de estas aplicaciones."),
        badRequest: Message(
            heading: "No se puede responder a esta solicitud",
            sentence: "Algo en la dirección o en el formulario no es como debería.",
            advice: "Vuelva atrás e inténtelo de nuevo, o empiece desde la primera página de la aplicación."),
        notFound: Message(
            heading: "Esta página no existe",
            sentence: "La dirección no lleva a ninguna parte.",
            advice: "Revise la dirección o empiece desde la primera página de la aplicación."),
        signInFailed: Message(
            heading: "No se pudo iniciar sesión",
            sentence: "El inicio de sesión no se pudo completar y no ha iniciado sesión.",
            advice:
                "Inténtelo de nuevo. Si sigue fallando, compruebe que aquí se permiten las cookies y que su reloj está en hora, y después avise a su administrador."
        ),
        unavailable: Message(
            heading: "No disponible por el momento",
            sentence: "Una parte necesaria para iniciar sesión no responde.",
            advice: "Inténtelo de nuevo dentro de un minuto."),
        internalError: Message(
            heading: "Algo ha ido mal",
            sentence: "El fallo es nuestro.",
            advice: "Inténtelo de nuevo. Si vuelve a ocurrir, avise a su administrador."),
        clientMistake: Message(
            heading: "La aplicación ha hecho una solicitud que no se puede responder",
            sentence: "{reason}.",
            advice:
                "Vuelva atrás e inténtelo de nuevo. Si vuelve a ocurrir, dé la referencia de abajo a los responsables de la aplicación."
        ),
        notStrongEnough: Message(
            heading: "Esta página pide un inicio de sesión más seguro",
            sentence:
                "El servicio de inicio de sesión no ha confirmado que usted haya iniciado sesión de la forma, o tan recientemente, como pide esta página.",
            advice: "Inicie sesión de nuevo. Si no sirve, dé la referencia de abajo a quienes se ocupan de la aplicación."),
        signInExpired: Message(
            heading: "Este inicio de sesión ha tardado demasiado",
            sentence: "La página estuvo abierta más de una hora o es una copia antigua.",
            advice: "Vuelva a la aplicación e inicie sesión desde allí."),
        formFromElsewhere: Message(
            heading: "El formulario venía de otro sitio",
            sentence: "Nadie ha iniciado sesión.",
            advice: "Abra la aplicación que quiere usar e inicie sesión desde allí."),
        nothingToSignOutOf: Message(
            heading: "No se cerró ninguna sesión",
            sentence: "La solicitud no decía qué sesión cerrar.",
            advice: "Cierre la sesión desde la aplicación que está usando."))
}
