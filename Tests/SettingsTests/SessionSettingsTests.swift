import Settings
import Testing

struct SessionSettingsTests {
    @Test(arguments: [("true", .always), ("false", .never), ("ask", .ask)] as [(String, SessionSettings.Remember)])
    func peopleMayBeAskedWhetherTheyAreRemembered(text: String, value: SessionSettings.Remember) throws {
        let loaded = try Fixture.read(Fixture.service + "  session: { remember: \(text) }\n")
        #expect(loaded.configuration.authService?.session.remember == value)
    }

    @Test func sessionsInCookiesNeedAStorageThatLasts() throws {
        let memory = Fixture.service + "  session: { store: cookie }\nstorage: { memory: {} }\n"
        #expect(try Fixture.warnings(memory).contains { $0.contains("a restart forgets which sessions have ended") })
        for other in ["  session: { store: cookie }\n", "storage: { memory: {} }\n"] {
            #expect(try !Fixture.warnings(Fixture.service + other).contains { $0.contains("a restart forgets") })
        }
    }
}
