extension ComposeManifest {
    /// The whole of compose.yaml.
    var project: YAMLValue {
        let database = database.map { YAMLEntry($0.host, databaseService($0)) }
        return [
            "name": "gatehouse",
            "services": .map([YAMLEntry(Self.host, gatehouse), YAMLEntry("envoy", envoyService)] + [database].compactMap { $0 }),
            "networks": networks,
            "configs": [
                "configuration": ["file": .string(configuration.source)], "envoy": ["file": "./envoy.yaml"],
            ],
            "secrets": .map(files.map { YAMLEntry($0.name, ["file": .string($0.source)]) }),
        ]
    }

    private var gatehouse: YAMLValue {
        service(
            placement.image,
            [
                "entrypoint": .strings(["gatehouse", "serve", "--config", configuration.target]),
                "configs": [["source": "configuration", "target": .string(configuration.target)]],
                "secrets": .list(files.map(secret)),
                "environment": .map(variables.map { YAMLEntry($0, .string("${\($0):?the configuration names it}")) }),
                "volumes": .list(
                    [theme.map { bind($0, readOnly: true) }, data.map { bind($0, readOnly: false) }].compactMap { $0 }),
                "networks": .strings(["check"] + (database == nil ? [] : ["database"])),
                "healthcheck": health(["gatehouse", "health", "--config", configuration.target]),
                "mem_limit": "1g",
            ]
        ).adding(database.map { dependsOn($0.host) } ?? [:])
    }

    /// It has no health check: its image has no program that could ask it, and its admin interface stays closed.
    private var envoyService: YAMLValue {
        service(
            placement.envoyImage,
            [
                "entrypoint": ["envoy", "--config-path", "/etc/envoy/envoy.yaml", "--disable-hot-restart"],
                "configs": [["source": "envoy", "target": "/etc/envoy/envoy.yaml"]],
                "ports": [
                    [
                        "target": .integer(Self.port), "published": .string(String(placement.publish.port)),
                        "host_ip": .string(placement.publish.host),
                    ]
                ],
                "networks": ["check", "applications"],
                "mem_limit": "512m",
            ]
        ).adding(dependsOn(Self.host))
    }

    private func databaseService(_ database: ComposeDatabase) -> YAMLValue {
        let password = files.first { $0.target.utf8.elementsEqual(database.password.utf8) }
        return service(
            placement.databaseImage,
            [
                "secrets": .list([password].compactMap { $0 }.map { ["source": .string($0.name), "target": "password"] }),
                "environment": [
                    "POSTGRES_USER": .string(database.user), "POSTGRES_DB": .string(database.name),
                    "POSTGRES_PASSWORD_FILE": "/run/secrets/password", "PGDATA": "/var/lib/postgresql/data/gatehouse",
                ],
                "volumes": [
                    bind(.init(source: "./database", target: "/var/lib/postgresql/data", name: "database"), readOnly: false)
                ],
                "tmpfs": ["/tmp", "/var/run/postgresql"],
                "networks": ["database"],
                "healthcheck": health(
                    [
                        "pg_isready", "--host", "127.0.0.1", "--username", database.user, "--dbname", database.name,
                    ]),
                "mem_limit": "1g",
            ])
    }

    private var networks: YAMLValue {
        let own: YAMLValue = [
            "check": .noted("Whoever is in here can ask Gatehouse in a gateway's name: Envoy alone.", [:]),
            "applications": .noted(
                "Applications of other projects join it as an external network; they do not reach Gatehouse.",
                ["name": "gatehouse-applications"]),
        ]
        return own.adding(database == nil ? [:] : ["database": ["internal": true]])
    }
}
