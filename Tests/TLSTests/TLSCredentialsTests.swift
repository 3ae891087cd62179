import NIOSSL
import TLS
import TestSupport
import Testing

@Suite struct TLSCredentialsTests {
    static let refused: [(TLSFiles, TLSFault.File, String)] = [
        (files(key: TestPEM.otherKey), .key, "is not the one of the certificate"),
        (files(certificate: ""), .certificate, "holds no PEM certificate"),
        (files(certificate: TestPEM.key), .certificate, "holds no PEM certificate"),
        (files(key: ""), .key, "holds no PEM private key"),
        (files(key: TestPEM.certificate), .key, "holds no PEM private key"),
        (files(clientCA: "x"), .clientCA, "the client CA's file holds no PEM certificate"),
        (files(certificate: TestPEM.shortCertificate, key: TestPEM.shortKey), .certificate, "less than 2048 bits"),
    ]

    @Test(arguments: refused) func refuses(_ files: TLSFiles, file: TLSFault.File, says: String) {
        do throws(TLSFault) {
            _ = try TLSCredentials(files)
            Issue.record("taken")
        } catch {
            #expect(error.file == file)
            #expect(error.what.contains(says))
        }
    }

    @Test(arguments: [ApplicationProtocol.http1, .http2], TLSMinimum.allCases)
    func aPairGivesAContext(_ application: ApplicationProtocol, minimum: TLSMinimum) throws {
        let context = try TLSCredentials(Self.files(clientCA: TestPEM.certificate)).context(application, minimum: minimum)
        #expect(context.configuration.applicationProtocols == [application.rawValue])
    }

    private static func files(
        certificate: String = TestPEM.certificate, key: String = TestPEM.key, clientCA: String? = nil
    ) -> TLSFiles {
        TLSFiles(certificate: Array(certificate.utf8), key: Array(key.utf8), clientCA: clientCA.map { Array($0.utf8) })
    }
}
