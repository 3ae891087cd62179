import JOSE

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads a password: twice and without echo on a terminal, else one line of standard input.
enum PasswordPrompt {
    enum Problem: String, Error {
        case different = "the two passwords are not the same; try again"
        case unreadable = "the password is not valid UTF-8; choose one that can be typed into a browser"
    }

    static func read() throws(Problem) -> Secret {
        guard isatty(STDIN_FILENO) == 1 else { return try line() }
        let first = try ask("Password: ")
        guard try ask("Once more: ").matches(first) else { throw .different }
        return first
    }

    private static func ask(_ question: String) throws(Problem) -> Secret {
        var former = termios()
        guard tcgetattr(STDIN_FILENO, &former) == 0 else { return try line() }
        var silent = former
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &former)
            printError("")
        }
        question.withCString { _ = write(STDERR_FILENO, $0, strlen($0)) }
        return try line()
    }

    /// Without its line end; empty at the end of the input.
    private static func line() throws(Problem) -> Secret {
        let line = readLine() ?? ""
        // readLine puts this in the place of bytes that are no UTF-8.
        guard !line.unicodeScalars.contains("\u{FFFD}") else { throw .unreadable }
        return Secret(utf8: line)
    }
}
