import Logging
import ServiceLifecycle
import Settings
import TLS

/// TLS of one listener: made at the start, and made anew whenever its files change. Files that cannot be used leave the old
/// certificate in place, and a line in the log.
struct ListenerTLS: Service {
    let acceptor: TLSAcceptor

    private let name: String
    private let settings: TLSSettings
    private let application: TLS.ApplicationProtocol
    private let first: TLSFiles
    private let logger: Logger

    /// How often the files are read. They are small; looking at their times would miss what is put there by a link.
    private static let interval = Duration.seconds(2)

    init(_ name: String, _ settings: TLSSettings, for application: TLS.ApplicationProtocol, logger: Logger) throws(StartFailure) {
        do throws(TLSFault) {
            first = try settings.files(.process)
            let context = try TLSCredentials(first).context(application, minimum: settings.minimumVersion)
            acceptor = TLSAcceptor(context, for: application, logger: logger)
        } catch {
            throw StartFailure(description: "TLS of listen.\(name): \(error.what); \(error.mend)")
        }
        self.name = name
        self.settings = settings
        self.application = application
        self.logger = logger
    }

    func run() async {
        await cancelWhenGracefulShutdown {
            var seen = Result<TLSFiles, TLSFault>.success(first)
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.interval)
                let found = files()
                if found != seen { use(found) }
                seen = found
            }
        }
    }

    private func files() -> Result<TLSFiles, TLSFault> {
        do throws(TLSFault) { return .success(try settings.files(.process)) } catch { return .failure(error) }
    }

    private func use(_ found: Result<TLSFiles, TLSFault>) {
        do throws(TLSFault) {
            let context = try TLSCredentials(found.get()).context(application, minimum: settings.minimumVersion)
            acceptor.replace(with: context)
            logger.info("the certificate was replaced", metadata: ["listener": "\(name)"])
        } catch {
            logger.error(
                "the new certificate is not used, the old one stays",
                metadata: ["listener": "\(name)", "reason": "\(error.what); \(error.mend)"])
        }
    }
}
