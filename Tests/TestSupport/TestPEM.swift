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

    /// The key of a service account, as Google's console hands it out.
    package static let serviceAccount =
        #"{"type": "service_account", "client_email": "groups@p.iam.gserviceaccount.com", "private_key_id": "k1", "#
        + #""token_uri": "https://oauth2.googleapis.com/token", "private_key": ""# + rsaKey + #""}"#

    /// RSA, with JSON's line breaks.
    private static let rsaKey = [
        #"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDOtW94fd9rs/23\nTPuyqjRK6xzpzpl"#,
        #"cra2tYNS54BmKru3PYTe77gsQK5fh5e9UyGPAD19bJ/UmkZkk\nXskxS/zWP4rdO1kn/T6qKN2aRC2yte1KJ5lpdElEgWTqC0o7I/CreaMd8U0"#,
        #"L+ObC\n0+r2XbVMWxWwrnTazBlfdygOZL974pMj80gFeGJHPlaW61ESdk5CY/Lkwh7WlF5p\ndjw1G++ANJEocjhwOx58X+kNZpkUxQ3oQM0ZI"#,
        #"fSl/TlsC/qMxnUtobAnDQDAMftT\nTryTH2C5EnkTlLwE9LXWVNBYAzIokZf6omZwrR2qCf7efr6XEkck72Luha0z/6qD\nO2225JjLAgMBAAE"#,
        #"CggEAA7amSfA3PhfgDVW+NviwPDyaoZWEN/I6hio1YUXBlpGU\npx69fToGMG1kocPJEyAPVY2+3AQoZM18YeTQmlZUfbG0Zd4PAcLVkUrcyyg"#,
        #"K1CAk\nbDyMBoCbYBGdBZFb7T9ZQdyCMnXeFLBWYPHJiJo7FKQDHqupYMJPeYYTaVvtjrdg\n0uqLsu8OrLrHQWQjuP9V0s4/SMeHdGPjjBynT"#,
        #"Mn+0JKQDjGLcHNG7Zr+JvZmUf7z\nIn545bdgUCzRsdhSeUizmPka52TQL40coWiKeN4PdfqRPtq5zIHedzbiQtVSjxL5\ncEKbkzx1x3GJAh/"#,
        #"CWMQM8ZTZqQy87OL3gWbDa5r7VQKBgQDxJ6KJvOSdpe6tyxBm\n/PmgBX2ma19omnJgwTdbucy43Fwj5OmvD7rluvubSdWLJg4Jqfg7WhONood"#,
        #"4/rzL\nH0mCNwhslO4mINxHCcsSPJxzCjobBYcuhZ9qOE/aoP6kDSTTlOSoOoKShCrHwF4f\nTGNYXInsUGmWZFrJJjFxFhfYNwKBgQDbbvazH"#,
        #"v2+noqSgNjS8ZzuYclIUlGXnAZr\nzdGCl8KqPToHHy8oMxpVLAPMndh/lMMKVAT0a9vHqxMQYHIjgftt8pQiZX+4U/mc\nkRNevJcz7/oJaV3"#,
        #"onVV81TgAIr0+dG06+S8UHgXq8xQv4GkcyyX27GlLJvIdIuIo\nnjIkfntSDQKBgQDQvZYb072wGCl5lgQkoWUR9q7ElryHNuk6hwT8COAEQ/o"#,
        #"dt8/v\nEJaetDOGP2rwf4g3JUERXu798mmBej7BM9vVMv2/v0pFBrylYPy+VGi3y2pwaWCS\nDGfo8cVtYV4JcrclzgP++mZ7nJvLO+A9B0oW+"#,
        #"kMIorJC06sh4kV5tb3+EQKBgDIm\nYBd7474m+cCV1fgP5C/PBXOT7LXboNQOi+1uxbymlZZ/GAX19/SzRIMFKC+wTgsU\nPLWn2Oj/PjIl+LA"#,
        #"Iyu/L2vMpg1EbUBbqSSUDsQLbu6de/2lkW99V06CkT9/wN+6c\neJf+bJfPyjNO9HbyLtEKIt5cHkVubYWe8hLJHWIZAoGAa0XySIx33asLOuH"#,
        #"CEdai\n/pgBLX1p6baMwukERbtLLwy6dvtVvuHvPx4svzjpgQGeObMpWN8dbG7hcclgIfwo\nsoRmKVWPoqU5rHLeXJFG+eJS7y6TMSBRtAhsk"#,
        #"tuBlGjscVxaXG79Zgg4TORsfhmd\nEDcCnHHgGbiI8zX0xmm7+Ec=\n-----END PRIVATE KEY-----"#,
    ].joined()
}
