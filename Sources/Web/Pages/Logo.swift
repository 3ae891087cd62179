extension Assets {
    /// Two towers and the gate between them.
    static let logoText = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">
        <defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" stop-color="#2f8a6a"/><stop offset="1" stop-color="#1a5c46"/>
        </linearGradient></defs>
        <rect width="48" height="48" rx="12" fill="url(#g)"/>
        <path fill="#fff" d="M11 36V13h2.5v2.5h2V13H18v8h2.5v-2h2v2h3v-2h2v2H30v-8h2.5v2.5h2V13H37v23h-9v-6a4 4 0 0 0-8 0v6z"/>
        </svg>

        """
}
