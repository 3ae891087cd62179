/// The dashboard's page as HTML.
struct DashboardPage {
    /// A link of the page and what a visitor has to be for it.
    private struct Place {
        var path: String
        var title: String
        var note: String
    }

    private static let places = [
        Place(path: "/", title: "Dashboard", note: "everybody who is signed in"),
        Place(path: "/admin/", title: "Administration", note: "group admins"),
        Place(path: "/team-a/", title: "Team A", note: "group team-a"),
        Place(path: "/team-b/", title: "Team B", note: "group team-b"),
        Place(path: "/echo/", title: "Echo", note: "another application: your request as it arrives"),
        Place(path: "/public/", title: "Public", note: "open to all"),
    ]

    var path: String
    var visitor: Visitor

    /// What the page is called: the place with the longest path that the request's starts with.
    private var title: String {
        let here = Self.places.filter { path.hasPrefix($0.path) }.max { $0.path.utf8.count < $1.path.utf8.count }
        return here?.title ?? "Dashboard"
    }

    private var initials: String {
        visitor.title.split(whereSeparator: { " .@".contains($0) }).prefix(2).compactMap(\.first).map(String.init).joined()
            .uppercased()
    }

    private var groups: String {
        visitor.groups.isEmpty
            ? "<span class=\"none\">none</span>"
            : visitor.groups.map { "<li>\(escaped($0))</li>" }.joined()
    }

    private var links: String {
        Self.places.map { place in
            let current = place.title == title ? " aria-current=\"page\"" : ""
            return """
                <li><a href="\(place.path)"\(current)><b>\(place.title)</b><span>\(place.path)</span>\
                <small>\(place.note)</small></a></li>
                """
        }.joined(separator: "\n")
    }

    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title)</title>
        <link rel="icon" href="data:,">
        <style>\(Self.style)</style>
        <header>
        <p>Demo application</p>
        <a class="out" href="/_gatehouse/sign-out">Sign out</a>
        </header>
        <main>
        <h1>\(title)</h1>
        <section class="who" aria-label="Who you are">
        <div class="face" aria-hidden="true">\(escaped(initials))</div>
        <div>
        <h2 id="name">\(escaped(visitor.title))</h2>
        <p id="email">\(escaped(visitor.email ?? "The gateway has told no name."))</p>
        <ul id="groups" aria-label="Groups">\(groups)</ul>
        </div>
        </section>
        <h2>Where to go</h2>
        <ul class="places">
        \(links)
        </ul>
        <p class="note">This page holds no authentication code. The gateway asked Gatehouse who you are and passed it on in
        request headers.</p>
        </main>
        </html>
        """
    }

    private static let style = """
        :root { color-scheme: light dark; --page: #f5f6f8; --card: #fff; --text: #1a2233; --quiet: #566078;
          --line: #dfe3ea; --accent: #1f5fbf; --chip: #e7eefb; }
        @media (prefers-color-scheme: dark) { :root { --page: #12161f; --card: #1b212d; --text: #e8ecf4; --quiet: #9aa5bb;
          --line: #2d3545; --accent: #8ab4f8; --chip: #26344f; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
        header { display: flex; justify-content: space-between; align-items: center; padding: .75rem 1.25rem;
          background: var(--card); border-bottom: 1px solid var(--line); }
        header p { margin: 0; font-weight: 600; }
        main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
        h1 { margin: 0 0 1rem; font-size: 1.7rem; }
        h2 { margin: 0; font-size: 1.15rem; }
        main > h2 { margin: 2rem 0 .75rem; }
        a { color: var(--accent); }
        .out { padding: .35rem .9rem; border: 1px solid var(--line); border-radius: .5rem; text-decoration: none; }
        .who { display: flex; gap: 1rem; align-items: center; padding: 1.25rem; background: var(--card);
          border: 1px solid var(--line); border-radius: .75rem; }
        .who p { margin: 0; color: var(--quiet); overflow-wrap: anywhere; }
        .face { flex: none; width: 3.5rem; height: 3.5rem; border-radius: 50%; display: grid; place-items: center;
          background: var(--accent); color: var(--card); font-size: 1.2rem; font-weight: 700; }
        ul { list-style: none; padding: 0; margin: 0; }
        #groups { display: flex; flex-wrap: wrap; gap: .4rem; margin-top: .5rem; }
        #groups li { padding: .1rem .6rem; border-radius: 1rem; background: var(--chip); font-size: .875rem; }
        .none { color: var(--quiet); font-size: .875rem; }
        .places { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); }
        .places a { display: grid; align-content: start; gap: .15rem; height: 100%; padding: .9rem 1rem;
          background: var(--card); color: var(--text); border: 1px solid var(--line); border-radius: .75rem; text-decoration: none; }
        .places a:hover, .places a:focus-visible, .places a[aria-current] { border-color: var(--accent); }
        .places span { color: var(--accent); font: .875rem/1.5 ui-monospace, monospace; }
        small, .note { color: var(--quiet); font-size: .875rem; }
        .note { margin-top: 2rem; }
        """
}
