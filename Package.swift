// swift-tools-version: 6.2
// One target a module, lowest first; docs/architecture.md says who may import whom and scripts/check-imports holds it.
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// For what runs at the start or seldom: a release has its code small rather than fast.
let small: [SwiftSetting] = strict + [.unsafeFlags(["-Osize"], .when(configuration: .release))]

func module(_ name: String, _ dependencies: [Target.Dependency], _ settings: [SwiftSetting] = strict) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

extension Target.Dependency {
    static let crypto: Self = .product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras: Self = .product(name: "CryptoExtras", package: "swift-crypto")
    static let logging: Self = .product(name: "Logging", package: "swift-log")
    static let nioCore: Self = .product(name: "NIOCore", package: "swift-nio")
    static let nioTLS: Self = .product(name: "NIOTLS", package: "swift-nio")
    static let nioSSL: Self = .product(name: "NIOSSL", package: "swift-nio-ssl")
    static let nioPosix: Self = .product(name: "NIOPosix", package: "swift-nio")
    static let nioHTTP1: Self = .product(name: "NIOHTTP1", package: "swift-nio")
    static let nioHTTP2: Self = .product(name: "NIOHTTP2", package: "swift-nio-http2")
    static let nioEmbedded: Self = .product(name: "NIOEmbedded", package: "swift-nio")
    static let nioHPACK: Self = .product(name: "NIOHPACK", package: "swift-nio-http2")
    static let asyncHTTPClient: Self = .product(name: "AsyncHTTPClient", package: "async-http-client")
    static let hummingbird: Self = .product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore: Self = .product(name: "HummingbirdCore", package: "hummingbird")
    static let nioHTTPTypes: Self = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
    static let httpTypes: Self = .product(name: "HTTPTypes", package: "swift-http-types")
    static let serviceLifecycle: Self = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let unixSignals: Self = .product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let mustache: Self = .product(name: "Mustache", package: "swift-mustache")
    static let protobuf: Self = .product(name: "SwiftProtobuf", package: "swift-protobuf")
    static let grdb: Self = .product(name: "GRDB", package: "GRDB.swift")
    static let yams: Self = .product(name: "Yams", package: "Yams")
    static let argumentParser: Self = .product(name: "ArgumentParser", package: "swift-argument-parser")
}

let package = Package(
    name: "gatehouse",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "gatehouse", targets: ["gatehouse"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-http2.git", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-protobuf.git", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
    ],
    targets: [
        .systemLibrary(name: "CArgon2"),
        .systemLibrary(name: "CCrypt"),
        .systemLibrary(name: "CLDAP"),
        .systemLibrary(name: "CPostgres"),
        .systemLibrary(name: "CQRencode"),
        .systemLibrary(name: "CZlib"),
        // C, and only for the linker of a release: the header says what of.
        .target(name: "CNoLocaleData"),
        module("Instruments", []),
        module("JOSE", [.crypto, .cryptoExtras]),
        module("OpenIDConnect", ["JOSE"]),
        module("WebAuthn", ["JOSE", .crypto, .cryptoExtras]),
        module("Web", ["CQRencode", .mustache]),
        module("Accounts", ["Instruments", "JOSE", .logging]),
        module(
            "RelyingParty", ["JOSE", "OpenIDConnect", "Web", "Accounts", .asyncHTTPClient, .nioCore, .nioHTTP1, .nioSSL], small),
        module("AuthService", ["Instruments", "JOSE", "OpenIDConnect", "Web", "Accounts", "RelyingParty", "CZlib", .logging]),
        module("TLS", [.cryptoExtras, .logging, .nioCore, .nioTLS, .nioSSL]),
        module("EnvoyAPI", [.protobuf]),
        module(
            "ExtAuthz",
            [
                "Instruments", "JOSE", "Web", "AuthService", "TLS", "EnvoyAPI", .protobuf, .logging, .serviceLifecycle, .nioCore,
                .nioPosix, .nioHPACK,
            ]),
        module("OpenIDProvider", ["JOSE", "OpenIDConnect", "WebAuthn", "Web", "Accounts", .logging]),
        module(
            "Connectors",
            [
                "JOSE", "OpenIDConnect", "Web", "Accounts", "RelyingParty", "OpenIDProvider", "CArgon2", "CCrypt", "CLDAP",
                .logging,
                .nioCore, .nioPosix,
            ], small),
        module(
            "Storage",
            [
                "Instruments", "JOSE", "OpenIDConnect", "Accounts", "AuthService", "OpenIDProvider", "CPostgres", .grdb, .nioCore,
                .nioPosix, .nioSSL,
            ]),
        module("Settings", ["JOSE", "TLS", .yams], small),
        module("Manifests", ["JOSE", "Settings"], small),
        module("Importers", ["Web", "Settings", "Manifests", .yams], small),
        module(
            "Doctor",
            ["JOSE", "OpenIDConnect", "Web", "RelyingParty", "TLS", "Settings", .yams, .nioCore, .nioPosix, .nioTLS, .nioSSL],
            small),
        module("Operations", [.logging, .serviceLifecycle], small),
        .executableTarget(
            name: "gatehouse",
            dependencies: [
                "Instruments", "JOSE", "OpenIDConnect", "Web", "Accounts", "RelyingParty", "AuthService", "TLS", "ExtAuthz",
                "WebAuthn", "OpenIDProvider", "Connectors", "Storage", "Settings", "Manifests", "Importers", "Doctor",
                "Operations", "CNoLocaleData",
                .argumentParser,
                .hummingbird,
                .hummingbirdCore,
                .serviceLifecycle, .unixSignals, .logging, .nioCore, .nioPosix, .httpTypes, .nioHTTPTypes,
            ],
            resources: [.embedInCode("Serving/Admin/openapi.json")], swiftSettings: small),
        // The two small applications of the demo: they hold no authentication code and are not part of the product.
        .executableTarget(
            name: "demo-apps",
            dependencies: [.hummingbird, .argumentParser, .serviceLifecycle, .nioCore, .logging], swiftSettings: strict),
        // What several modules' tests stand on.
        .systemLibrary(name: "CSpawn", path: "Tests/CSpawn"),
        .target(name: "TestSupport", dependencies: ["CSpawn"], path: "Tests/TestSupport", swiftSettings: strict),
        tests("InstrumentsTests", ["Instruments"]),
        tests("JOSETests", ["JOSE"]),
        tests("WebAuthnTests", ["WebAuthn", "JOSE", .crypto, .cryptoExtras]),
        tests("WebTests", ["Web"]),
        tests("TLSTests", ["TLS", "TestSupport", .nioCore, .nioEmbedded, .nioSSL]),
        tests("AccountsTests", ["Accounts", "JOSE"]),
        tests(
            "RelyingPartyTests",
            ["RelyingParty", "JOSE", "OpenIDConnect", "Web", "Accounts", .hummingbird, .httpTypes, .nioCore, .nioPosix, .logging]),
        tests(
            "AuthServiceTests",
            ["AuthService", "Accounts", "JOSE", "Web", "RelyingParty", "OpenIDConnect", "Storage", .logging]),
        tests(
            "StorageTests",
            [
                "Storage", "AuthService", "OpenIDProvider", "OpenIDConnect", "Accounts", "JOSE", "TestSupport", .grdb, .nioCore,
                .nioPosix,
            ]),
        tests("OpenIDProviderTests", ["OpenIDProvider", "Storage", "OpenIDConnect", "Accounts", "JOSE", "Web", .logging]),
        tests("ConnectorsTests", ["Connectors", "OpenIDProvider", "RelyingParty", "OpenIDConnect", "Web", "JOSE", "CCrypt"]),
        tests(
            "ExtAuthzTests",
            [
                "ExtAuthz", "EnvoyAPI", "AuthService", "Instruments", "JOSE", "Web", .protobuf, .logging, .serviceLifecycle,
                .nioCore, .nioPosix, .nioEmbedded, .nioHTTP2, .nioHPACK,
            ]),
        // What has to hold for every input: for libFuzzer (scripts/fuzz), and for the tests over its corpus.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "JOSE", "WebAuthn", "Web", "AuthService", "TLS", "EnvoyAPI", "ExtAuthz", "Storage", .protobuf, .nioCore,
                .nioEmbedded, .nioHTTP1, .nioHPACK,
            ],
            path: "Fuzzing/Targets", swiftSettings: strict),
        tests("FuzzTargetsTests", ["FuzzTargets"]),
        tests("OperationsTests", ["Operations", .logging]),
        tests("SettingsTests", ["Settings", "JOSE", "TLS", "TestSupport"]),
        tests("ManifestsTests", ["Manifests", "Settings"]),
        tests("DoctorTests", ["Doctor", "RelyingParty", "Settings", "Web", "JOSE"]),
        tests("ImportersTests", ["Importers", "Manifests", "Settings", "TestSupport"]),
        // Runs the built program.
        tests("CommandLineTests", ["TestSupport"]),
    ]
)

// scripts/fuzz names libFuzzer's archive here; without it there is nothing to link the program with.
if let archive = Context.environment["GATEHOUSE_FUZZING"] {
    package.targets += [
        .systemLibrary(name: "CLibFuzzer", path: "Fuzzing/CLibFuzzer"),
        .executableTarget(
            name: "gatehouse-fuzz", dependencies: ["FuzzTargets", "CLibFuzzer"], path: "Fuzzing/Runner", swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-Xlinker", archive, "-lstdc++"])]),
    ]
}
