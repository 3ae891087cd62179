/// Domains under which anybody can register a name, so that a cookie for them would reach strangers.
///
/// Covers every single label (`com`, `localhost`), the second levels that most country registries use, and the best-known
/// hosting domains. The whole Public Suffix List is larger and changes weekly; browsers have it and refuse the rest.
enum PublicSuffix {
    static func contains(_ domain: String) -> Bool {
        let labels = domain.split(separator: ".")
        guard labels.count > 1 else { return true }
        if hosting.contains(domain) { return true }
        return labels.count == 2 && labels[1].utf8.count == 2 && secondLevels.contains(String(labels[0]))
    }

    /// In front of a country's two letters: `co.uk`, `com.au`, `or.jp`.
    private static let secondLevels: Set<String> = [
        "ac", "co", "com", "edu", "gob", "gov", "gv", "info", "ltd", "me", "mil", "ne", "net", "nhs", "nom", "or", "org", "plc",
        "police",
        "sch",
    ]

    private static let hosting: Set<String> = [
        "appspot.com", "azurewebsites.net", "cloudfront.net", "cloudapp.net", "compute.amazonaws.com", "elb.amazonaws.com",
        "s3.amazonaws.com", "blogspot.com", "deno.dev", "duckdns.org", "dyndns.org", "firebaseapp.com", "fly.dev", "github.io",
        "githubusercontent.com", "gitlab.io", "glitch.me", "herokuapp.com", "netlify.app", "ngrok.io", "ngrok-free.app", "nip.io",
        "no-ip.org", "onrender.com", "pages.dev", "readthedocs.io", "run.app", "sslip.io", "surge.sh", "trycloudflare.com",
        "vercel.app",
        "web.app", "workers.dev",
    ]
}
