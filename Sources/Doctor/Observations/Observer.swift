import JOSE
import RelyingParty
import Settings

/// Asks everybody whom the configuration names, all at once. Every question has a time-out, none longer than 20 s.
package struct Observer: Sendable {
    private let subject: Case

    package init(_ subject: Case) { self.subject = subject }

    package func observe() async -> Observations {
        let configuration = subject.configuration
        async let names = each(configuration.namedHosts) { NameVisit(host: $0, answer: await NameProbe.ask($0.host)) }
        async let servers = each(configuration.correspondents.filter { !$0.isProxied }) {
            ServerVisit(server: $0, answer: await ServerProbe.ask($0))
        }
        async let issuers = each(subject.issuers) { await IssuerVisit.make($0) }
        async let directories = each(subject.directories.flatMap { directory in directory.hosts.map { (directory, $0) } }) {
            DirectoryVisit(directory: $0.0, host: $0.1, answer: await $0.0.ask($0.1))
        }
        async let storage = subject.storage()
        async let ownIssuer = ownMetadata()
        async let publicURLs = each(configuration.authService?.publicURLs ?? []) { url in
            async let own = Fetched.get(url.origin + ownPath + "/userinfo", over: subject.exchange)
            async let strange = Fetched.get(url.origin + PublicURLCheck.strangePath, over: subject.exchange)
            return await PublicURLVisit(url: url, own: own, strange: strange)
        }
        return await Observations(
            file: subject.file, configuration: configuration, problems: subject.problems, now: WallClock.system.now,
            sources: .process, unusable: subject.unusable, names: names, servers: servers, issuers: issuers,
            directories: directories, storage: storage,
            ownIssuer: ownIssuer, publicURLs: publicURLs)
    }

    private var ownPath: String { subject.configuration.authService?.path ?? "" }

    private func ownMetadata() async -> Fetched? {
        guard let issuer = subject.configuration.provider?.issuer else { return nil }
        return await .get(discoveryURL(of: issuer.text), over: subject.exchange)
    }

    /// In the order of the items.
    private func each<Item: Sendable, Answer: Sendable>(
        _ items: [Item], _ ask: @escaping @Sendable (Item) async -> Answer
    ) async -> [Answer] {
        await withTaskGroup(of: (Int, Answer).self) { group in
            for (index, item) in items.enumerated() { group.addTask { (index, await ask(item)) } }
            var answers: [(Int, Answer)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
