extension Assets {
    /// Two towers and the gate between them.
    static let logoText = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">
        <defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" stop-color="#2f8a6a"/><stop offset="1" stop-color="#1a5c46"/>
        </linearGradient></defs>
        <rect width="48" height="48" rx="12" fill="url(#g)"/>
        <path fill="#fff" d="M9 38V11h3v3h3v-3h3v9h4v-3h4v3h4v-9h3v3h3v-3h3v27H29v-7a5 5 0 0 0-10 0v7z"/>
        </svg>

        """
}
