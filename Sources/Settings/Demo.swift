/// The demo's configuration: both roles behind two Envoy listeners on this machine.
package enum Demo {
    /// What messages call the configuration; its paths begin at the working directory.
    package static let fileName = "(demo)"

    /// Secrets that `gatehouse demo` makes when they are missing: 32 random bytes each, as hexadecimal digits, mode 0600.
    package static let keyFiles = [".gatehouse/demo/cookie.key", ".gatehouse/demo/client.secret"]

    /// As `Configuration.read` takes it. Both users' password is `password`.
    package static let yaml = #"""
        listen:
          web: 127.0.0.1:9000
          checkHTTP: 127.0.0.1:9001
          checkGRPC: 127.0.0.1:9002
          admin: 127.0.0.1:9003
        storage:
          sqlite: { path: .gatehouse/demo/gatehouse.db }
        authService:
          publicURLs: [http://localhost:8080, http://localhost:8081]
          secrets: [{ file: .gatehouse/demo/cookie.key }]
          providers:
            - id: local
              embedded: true
              clientID: gatehouse
              scopes: [openid, email, profile, groups, offline_access]
          identity:
            headers:
              kubeflow-userid: email
              kubeflow-groups: groups
              x-auth-request-email: email
              x-auth-request-user: preferred_username
              x-auth-request-groups: groups
            strip: [x-forwarded-user, x-auth-request-*]
            assertion: { header: x-gatehouse-assertion, lifetime: 5m, audience: apps, algorithm: ES256 }
          rules:
            - { paths: [/public/*], allow: anyone }
            - { paths: [/admin, /admin/*], allow: { groups: [admins] } }
            - { paths: [/team-a/*], allow: { groups: [team-a] } }
            - { paths: [/team-b/*], allow: { groups: [team-b] } }
            - { paths: [/echo/*], allow: signedIn }
            - { paths: [/*], allow: signedIn }
        provider:
          issuer: http://localhost:8080/dex
          clients:
            - id: gatehouse
              name: Dashboard
              secret: { file: .gatehouse/demo/client.secret }
              redirectURIs: [http://localhost:8080/_gatehouse/callback, http://localhost:8081/_gatehouse/callback]
              postLogoutRedirectURIs: [http://localhost:8080/_gatehouse/sign-out, http://localhost:8081/_gatehouse/sign-out]
          users:
            - email: admin@example.com
              hash: $2b$10$1x0OVZ3KF/z6GUh6/XJSFuHim3oFwdrq0KlJdt4k920Qfda/E8Dk.
              name: Admin
              username: admin
              userID: 5c1f0f5e-6d3c-4b0e-9a3e-6f1d3f0c7a11
              groups: [admins, team-a]
            - email: bob@example.com
              hash: $2b$10$NnHE/sSndfEgeApOY3gzlOdAy48CMlHbzMAe7euzFswIXyMSNBslO
              name: Bob
              username: bob
              userID: 0b9d7a52-3f7e-4d0c-8c55-2d6a4e1b9f02
              groups: [team-b]
        log: { level: info, format: json }

        """#

    /// The demo's settings, read and checked. The key files must be there.
    package static func load(sources: ConfigurationSources = .process) throws(ConfigurationErrors) -> LoadedConfiguration {
        try Configuration.read(Array(yaml.utf8), file: fileName, sources: sources)
    }
}
