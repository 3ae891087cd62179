/// Certificates and keys that were made for tests and are used nowhere else; valid until 2126.
package enum TestPEM {
    /// Self-signed, P-256.
    package static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBijCCAS+gAwIBAgIUARiK6YZ2gRdJe9632Np5xBBXy1swCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOZ2F0ZWhvdXNlLnRlc3QwIBcNMjYxMTI1MDAzNDUzWhgPMjEy
        NjExMDEwMDM0NTNaMBkxFzAVBgNVBAMMDmdhdGVob3VzZS50ZXN0MFkwEwYHKoZI
        zj0CAQYIKoZIzj0DAQcDQgAE4knaWocak/srAi+3tr9V61gm+VRw05KOisa8ZrZx
        hkbh+PwxH0n4fhmBcg2TgxJKTfDgk13Hnc3p1XadWIpnZqNTMFEwHQYDVR0OBBYE
        FHvp4POTgYFBkA3oynWXIFL5AbrqMB8GA1UdIwQYMBaAFHvp4POTgYFBkA3oynWX
        IFL5AbrqMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAKEXTu5w
        ib0s2MyINDcVUoIlSdTIxetx+d+1/FMd01vxAiEA9oLpM6Fe54u1EZAUrl5+bV3p
        CnI052Vb5590VdnUblQ=
        -----END CERTIFICATE-----
        """

    /// Of `certificate`.
    package static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgArLrpSP3cmaX0u6c
        p83JCVFpiKisDp5JEtwWRPvPJJWhRANCAATiSdpahxqT+ysCL7e2v1XrWCb5VHDT
        ko6KxrxmtnGGRuH4/DEfSfh+GYFyDZODEkpN8OCTXcedzenVdp1Yimdm
        -----END PRIVATE KEY-----
        """

    /// Of another certificate.
    package static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPprlPqI738zVAng9
        MlWk5ZNDKdeq0nTFTeQPQlqKThKhRANCAASHxfoHBaTsw6VFXtu7BQWjwOFl4pby
        M9lkpPLtuJepqCPdI9xc8jQzD6yJt2YGJ9iD4LS/fzaXvWrF3BicvDuD
        -----END PRIVATE KEY-----
        """

    /// Self-signed, RSA of 1024 bits.
    package static let shortCertificate = """
        -----BEGIN CERTIFICATE-----
        MIICCDCCAXGgAwIBAgIUcniiQZvubRSJQ1YbO0R27MnilmwwDQYJKoZIhvcNAQEL
        BQAwFTETMBEGA1UEAwwKc2hvcnQudGVzdDAgFw0yNjExMjUwMDM0NTNaGA8yMTI2
        MTEwMTAwMzQ1M1owFTETMBEGA1UEAwwKc2hvcnQudGVzdDCBnzANBgkqhkiG9w0B
        AQEFAAOBjQAwgYkCgYEAzdS2Jb5cAkUu6xIS6nFjLMMnIbcdXrf6kxYdEZi9Ylkl
        MnClsuOc7TH42+AaxikcfIn6Wm0KE3n/dJcei5xqpZP9c2dOU+fQw8sGcgVZ7hyi
        TKrFEEIprFzeKnD2+rIYApLzYFYiYjiE2ahOVAKtZQt7+QaMh1EJ1vYYxjeND3kC
        AwEAAaNTMFEwHQYDVR0OBBYEFByeTbmerem2S1pIsBluzg2cXyB1MB8GA1UdIwQY
        MBaAFByeTbmerem2S1pIsBluzg2cXyB1MA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZI
        hvcNAQELBQADgYEAolwPXWMVki2iqTygoDpTNlzFB0SVHNxbi30wolC8FSLW3X/m
        yRWvEGOUj402LL5lUkOQP4Y7KpGMKPc/STWhJ0KdsT2yqZgWENAiOehlLfF2P7YO
        SKNGImVRNd8AyKtHVa9n04ACmC7+u9NFdlG80ciw1SZwBbgK1G2ObjyHrB0=
        -----END CERTIFICATE-----
        """

    /// Of `shortCertificate`.
    package static let shortKey = """
        -----BEGIN PRIVATE KEY-----
        MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAM3UtiW+XAJFLusS
        EupxYyzDJyG3HV63+pMWHRGYvWJZJTJwpbLjnO0x+NvgGsYpHHyJ+lptChN5/3SX
        HoucaqWT/XNnTlPn0MPLBnIFWe4cokyqxRBCKaxc3ipw9vqyGAKS82BWImI4hNmo
        TlQCrWULe/kGjIdRCdb2GMY3jQ95AgMBAAECgYBjUikyvVCYp9mkBOyrxFse1myj
        kEDT2+NF5n3QZ+u68VlJpaHPWJX4vwxezR0eUeg1ED+GMueRzmS+Vc2fgLLUpOcV
        2b7c5PX95PC108/7aB2Z6znfiXT6UoWNRm+GQiQMzLiT2Hj/hBl8bCulw/k7W35D
        /RBTwTDHmlGVFCLRIQJBAPnmaf45LHgykhwgA4vdcJ9ghzaXdGMUDMZ35tGmmgTW
        6OrUQIuMm+jFM9gul+E5yyBLO6Z55q5fTGX229k5y0sCQQDS2uqT2fk7AjoDfTzE
        LGMhe4WHL+r7elxepC1ghZK5N2UIP4AEgcN8S8lBlaYdccsZSXuNHId+8jmmygov
        PrHLAkEArsBO3IUUsNUEUYCdmj/20qzIwQc2T1ak/GC6W186kynJ5PUaUbu5BxRo
        BcPHV6t3fRS/GNJj2wovPZpb8NK2cwJAeqh2xUOLxFPrQ5RbAROBJz0f1CB/5YKs
        sTF4ZCnPzIb48u9dnUGPYoMDtG9FjuNfbnpcsR3jhGmMOAZYHluuOQJAab5TZqGQ
        fE9V0i2SBRKQRqFdpsANK27SU5cEUlitPX2qgwDkb9uguTBldXb2cuExldL7Bd8k
        l3an2tAb2AKLIw==
        -----END PRIVATE KEY-----
        """
}
