package import NIOCore
import NIOSSL

extension Channel {
    /// The certificate that the other end of the connection has shown, in DER; it has been verified. `nil` where there is none.
    package func peerCertificate() async -> [UInt8]? {
        try? await nioSSL_peerCertificate().get()?.toDERBytes()
    }
}
