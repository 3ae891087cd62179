/// The commented example; the same text as `gatehouse.example.yaml` at the top of the sources (a test compares them).
package enum Example {
    /// A file that passes the check once its two secret files are there.
    package static let yaml = #"""
        # Gatehouse: a complete configuration with comments. What is commented out shows the default or another way.
        # Check a file:  gatehouse config check FILE        For editors:  gatehouse config schema
        # Durations are written 90s, 5m, 12h, 7d. Paths of files begin at the folder of this file.
        # Every secret is { file: path }, { env: NAME }, or, with a warning, the secret itself.

        # Where the process listens. Nothing here has to be reached by browsers: the gateway is in front.
        listen:
          web: 127.0.0.1:9000 # pages, the provider's endpoints
          checkHTTP: 127.0.0.1:9001 # the check over HTTP: Envoy, nginx, Traefik, Caddy, HAProxy
          checkGRPC: 127.0.0.1:9002 # the check over gRPC: Envoy, Istio
          admin: 127.0.0.1:9003 # /livez, /readyz, /metrics, and the API of the administration commands
          # Any of them can be a Unix socket (`admin: unix:/run/gatehouse/admin.sock`), and can speak TLS:
          # checkGRPC:
          #   address: 127.0.0.1:9002
          #   tls:
          #     certificate: { file: tls.crt } # PEM, with those between it and its root; read again when it changes
          #     key: { file: tls.key }
          #     clientCA: { file: clients.crt } # then the gateway has to show a certificate of this authority
          #     clientCertificate: required # required | optional: at web a client may have none; what it shows has to be good
          #     minimumVersion: 1.2 # 1.2 | 1.3
          # What gateways have to show with every check over HTTP and for our pages; `gatehouse manifests` writes it into their configuration.
          # proxySecret: { file: proxy.secret }
          # What that API asks for; without it, it answers on loopback only:
          # adminToken: { file: admin.token }
          # Peers whose word about the client (X-Forwarded-…) counts. The default is loopback and private ranges:
          # trustedProxies: [127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, "::1/128", "fc00::/7"]

        # Where sessions, codes, tokens and keys are kept: a SQLite file, or `memory: {}` for tests.
        storage:
          sqlite: { path: gatehouse.db }
          # In place of it, for any number of replicas:
          # postgres:
          #   url: postgres://gatehouse@db.example.com:5432/gatehouse # with any of libpq's parameters; several hosts, too
          #   password: { file: postgres.password }
          #   rootCA: postgres-ca.crt # who signs the server's certificate, which then has to be good for the host
          #   schema: gatehouse
          #   connections: 8 # of each replica, beside one that listens
          #   connectTimeout: 2s
          #   timeout: 3s # of a call, the wait for its turn included
          # redis: # or Valkey, 6.2 or newer
          #   url: rediss://redis.example.com:6379/0 # redis:// in clear text, unix:///path on this machine
          #   username: gatehouse
          #   password: { file: redis.password }
          #   rootCA: redis-ca.crt # who signs the server's certificate
          #   sentinels: [ redis-1.example.com:26379 ] # then the URL's host is the name of the master: rediss://mymaster
          #   sentinelUsername: watcher # what is shown to sentinels, if they ask
          #   sentinelPassword: { file: sentinel.password }
          #   cluster: [ redis-2.example.com:6379 ] # nodes of a cluster beside the URL's
          #   prefix: gatehouse # what keys begin with
          #   timeout: 2s # of an answer
          # What private keys, upstreams' tokens and keys of second factors are encrypted under in there: the first encrypts, all decrypt.
          # secrets: [ { file: keys.key } ]
          # The same for signing keys alone, which programs of before `secrets` read as well:
          # keySecrets: [ { file: keys.key } ]
          # startTimeout: 60s # how long a start waits for a Postgres or a Redis that does not answer yet

        # The relying party: asked by the gateway about every request. Leave it out to run the provider alone.
        authService:
          # The origin under which browsers reach the gateway; several: publicURLs: [ … ].
          publicURL: https://apps.example.com
          # Further hosts, each with a redirect URI (which the provider has to know) and cookies of its own:
          # publicHosts: ["*.apps.example.com"]
          # Whether a page of ours stands before the provider's, so that the part of an address behind # outlives a sign-in:
          # keepFragment: true
          # Where the service's own endpoints (sign-in, callback, sign-out …) live on every public host.
          path: /_gatehouse

          cookie:
            name: gatehouse
            # For one session on several hosts: what all public hosts end in, or a list. Without it the cookie is for one host.
            # domain: example.com
            sameSite: lax # lax | strict | none
            secure: auto # auto (where the public URL is https) | always | never

          session:
            idle: 12h # ends after so long without a request
            lifetime: 7d # ends so long after the sign-in
            store: server # server: in `storage` | cookie: in the cookie itself, encrypted
            refreshGrace: 1h # goes on so long while its provider cannot be asked for new tokens
            remember: true # whether browsers keep it when they are closed: true | false | ask (people choose when they sign in)
            cache: 256MiB # memory for the sessions used lately, about 500 bytes each; the others are read when they come
            # With one more, the oldest session of a user ends; any number without it:
            # limitPerUser: 10

          # signIn:
          #   # A form that is sent after the session has ended is kept in the browser over the sign-in, up to this size:
          #   keepPosts: 64KiB

          # Cookie keys, 32 bytes or more: the first encrypts, all decrypt. To make one:
          #   openssl rand -hex 32 > cookie.key && chmod 600 cookie.key
          secrets:
            - { file: cookie.key }

          # Where users sign in. `embedded: true` is the provider below; its client secret stands only there.
          providers:
            - id: local
              embedded: true
              clientID: gatehouse
              scopes: [openid, email, profile, groups, offline_access]
            # An outside provider:
            # - id: corp
            #   issuer: https://sso.example.com
            #   clientID: gatehouse
            #   clientSecret: { env: CORP_SECRET }
            #   scopes: [openid, email, profile]
            #   # client_secret_basic | client_secret_post | client_secret_jwt | private_key_jwt | tls_client_auth | none
            #   tokenEndpointAuth: client_secret_basic
            #   name: Company account                       # shown where people choose among several providers
            #   hosts: [apps.example.com]                   # where it is offered; everywhere when missing
            #   internalURL: http://sso.auth.svc:8080       # stands in for the issuer in what we ask ourselves
            #   endpoints:                                  # by hand, in place of the provider's metadata
            #     authorization: https://sso.example.com/authorize
            #     token: https://sso.example.com/token
            #     jwks: https://sso.example.com/keys
            #     userinfo: https://sso.example.com/userinfo
            #     endSession: https://sso.example.com/logout
            #     revocation: https://sso.example.com/revoke
            #     introspection: https://sso.example.com/introspect
            #     pushedAuthorizationRequest: https://sso.example.com/par
            #   clientKey: { file: client-key.pem }         # for private_key_jwt and signed requests
            #   clientKeyID: key-1                          # its kid at the provider
            #   dpop: true                                  # tokens bound to a key of ours (RFC 9449)
            #   request:
            #     responseMode: form_post                   # query | form_post
            #     prompt: select_account                    # login | consent | select_account
            #     maxAge: 12h
            #     acrValues: [mfa]                          # one of them has to be the answer
            #     uiLocales: [de, en]
            #     audience: api
            #     resources: ["https://api.example.com"]
            #     parameters: { domain_hint: example.com }
            #     pushed: auto                              # auto | always | never (RFC 9126)
            #     signed: false                             # RFC 9101
            #   connection:
            #     caFile: corp-ca.pem
            #     certificate: client.pem                   # for tls_client_auth
            #     certificateKey: { file: client-key.pem }
            #     proxy: http://proxy.example.com:3128
            #     proxyUser: gatehouse
            #     proxyPassword: { env: PROXY_PASSWORD }
            #   algorithms: [RS256, ES256]                  # what ID tokens may be signed with
            #   clockSkew: 60s
            #   userinfo: true
            #   requireIssuerParameter: false               # RFC 9207
            #   ownCallback: false                          # a redirect URI that ends in /corp
            #   claims:
            #     user: oid
            #     email: upn
            #     emailVerified: required                   # required | assumed
            #     name: display_name
            #     preferredUsername: login
            #     groups: [realm_access.roles, groups]
            #     groupOverage: { graphURL: "https://graph.microsoft.com/v1.0", name: id }   # id | displayName
            #     transform:
            #       - { claim: groups, match: "CN=([^,]+),.*", replace: "$1", others: drop, removePrefix: App-, removeSuffix: -prod, lowerCase: true, addPrefix: "corp:", addSuffix: "@corp" }
            #   allow: { users: [], groups: [staff], emailDomains: [example.com], emailsFile: emails.txt }

          # Programs that came before: their paths (`/oauth2/…`, `/authservice/…`) lead to our endpoints, too.
          # compatibility: [oauth2-proxy, arrikto]

          # What applications are told about the user. The listed headers are set or removed on every request.
          identity:
            headers: # header: claim
              kubeflow-userid: email
              kubeflow-groups: groups
              x-auth-request-email: email
            # presets: [x-auth-request, x-forwarded, kubeflow]   # headers that applications know from other programs
            # encoding: percent                                  # percent | base64
            # authorization: idToken                             # idToken | accessToken | basic; without it the client's own goes on
            # basic: { user: email, password: { file: basic.password } }
            # accessTokenHeader: x-auth-request-access-token
            # Further headers that no request may bring along.
            strip: [x-forwarded-user, x-auth-request-*]
            # A signed statement about the user, which applications or the gateway can verify.
            assertion:
              header: x-gatehouse-assertion
              lifetime: 5m
              audience: apps
              algorithm: ES256 # ES256 | RS256

          # Issuers whose tokens count in `Authorization: Bearer …`; without any, that field is the application's own business.
          # bearer:
          #   - issuer: https://kubernetes.default.svc
          #     audiences: [gatehouse]              # one of these has to be in `aud`
          #     user: sub                           # claims: user, email, groups; `a.b` is b inside a
          #     groups: [groups, realm_access.roles]
          #     requiredClaims: { tenant: acme }
          #     userPrefix: "k8s:"                  # put in front, so that one issuer's names are not another's
          #     groupPrefix: "k8s:"
          #     tokenType: any                      # any | at+jwt (RFC 9068)
          #     idTokens: false                     # whether ID tokens count, too
          #     tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token   # what its server wants to see
          #     # jwksFile: cluster.jwks          # its keys, where nobody can ask it: kubectl get --raw /openid/v1/jwks
          #     # Opaque tokens: ask about them, in one of three ways.
          #     introspection: { endpoint: "https://sso.example.com/introspect", clientID: x, clientSecret: { env: CORP_SECRET }, auth: client_secret_basic, tokens: opaque }
          #     # auth: also client_secret_post | client_secret_jwt | private_key_jwt (with clientKey, clientKeyID) | tls_client_auth (with
          #     # certificate: client.pem and certificateKey: { file: client-key.pem } of the entry)
          #     tokenReview: https://kubernetes.default.svc
          # onInvalidBearer: unauthorized           # unauthorized | signIn (as without a token)

          # Tokens that people make for their programs on the page `tokens`; none without this.
          # personalTokens: { perUser: 50, lifetime: 90d }
          # Passwords of the provider's users, in its file and in its directories, in `Authorization: Basic …`, for old programs.
          # basicAuthentication: false
          # Client certificates that Envoy has verified: who has signed them, and what in them names the person.
          # clientCertificates:
          #   - { caFile: clients-ca.pem, user: cn, email: email, groups: [ou], userPrefix: "cert:", groupPrefix: "cert:" }
          #   - { trustDomain: cluster.local, user: uri, groups: [spiffe.namespace] }

          # The API server of a Kubernetes cluster, for rules that ask it (`allow: { kubernetes: … }`).
          # kubernetes:
          #   server: https://kubernetes.default.svc
          #   caFile: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
          #   tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token   # read for every question
          #   user: email                           # how people are called there; prefixes as the API server has them
          #   userPrefix: "oidc:"
          #   groups: [groups]
          #   groupPrefix: "oidc:"
          #   extra: { scopes: scope }              # further names, with their claims
          #   clusterIssuers: [https://kubernetes.default.svc.cluster.local]   # of bearer, whose `sub` is the cluster's own name
          #   cache: { allowed: 1m, denied: 10s }   # how long its answers count

          # The first rule that matches decides; where none does, a signed-in user is needed.
          # hosts: app.example.com or *.example.com    methods: in capitals
          # paths: /x, or /x/* for it and all below; within: * for one segment, *.css for its end, ** for any number; acme, health
          # allow: anyone | signedIn | nobody | one or more of users, groups, claims, kubernetes, any, all: each is enough by itself
          # onAnonymous: redirect | unauthorized; without it browsers' navigations are redirected and all else gets 401
          rules:
            - { paths: [/public/*, /healthz], allow: anyone }
            - { paths: [/internal/*], allow: nobody }
            - { hosts: [apps.example.com], paths: [/admin/*], allow: { groups: [admins] } }
            - { paths: [/api/*], methods: [GET, HEAD], allow: { users: ["*@example.com"] }, onAnonymous: unauthorized }
            # What else may be asked of a request: headers (true: there, false: not there, or values), networks, times.
            # - paths: [/reports/*/print, /**/*.pdf]
            #   when:
            #     headers: { x-requested-by: true, x-channel: [office, "branch-*"] }
            #     networks: [10.0.0.0/8]
            #     times: [{ days: [mon-fri], from: "08:00", to: "18:00", zone: "+02:00" }]
            #   allow: { claims: { department: [it, ops], realm_access.roles: auditor } } # all of the claims
            # - { paths: [/secrets/*], allow: { all: [{ groups: [staff] }, { any: [{ users: [ada] }, { claims: { level: 3 } }] }] } }
            # Sign in again, better, there, for less long, or with more scopes; asked of the provider, and its answer is checked:
            # - { paths: [/payroll/*], allow: signedIn, maxAge: 5m, acr: [mfa], amr: [otp, hwk], audience: payroll }
            # - { hosts: [partners.example.com], allow: signedIn, provider: corp, scopes: [partners], sessionLifetime: 1h }
            # What this application is told beside the rest, in its place, or not at all (false):
            # - { paths: [/wiki/*], allow: signedIn, headers: { x-wiki-user: "{sub}", kubeflow-groups: false } }
            # A token of its own, which the provider gives for the session's access token (RFC 8693):
            # - paths: [/orders/*]
            #   allow: signedIn
            #   tokenExchange: { audience: orders-api, resources: ["https://orders.example.com"], scopes: [orders.read], tokenType: access_token, header: authorization }
            # While the store is away nobody passes (closed), or those who were here in the last minutes:
            # - { paths: [/status/*], allow: signedIn, onFailure: { known-sessions: 10m } }
            # Tenants: named by a path, a host (*.apps.example.com) or a header; `{tenant}` stands for the name.
            # - { paths: [/team/*], tenant: { path: /team/* }, allow: { groups: ["team-{tenant}"] } }
            # - { tenant: { host: "*.apps.example.com" }, allow: { claims: { tenants: "{tenant}" } } }
            # - { tenant: { header: x-tenant }, allow: { users: ["{tenant}"] } }
            # What the cluster's API server allows; {path.2} is the second segment of the path, {verb} and {method} the request's:
            # - { paths: [/notebook/**], allow: { kubernetes: { verb: get, group: kubeflow.org, resource: notebooks, subresource: status, namespace: "{path.2}", name: "{path.3}" } } }
            # - { paths: [/metrics], allow: { kubernetes: { verb: get, nonResourcePath: "{path}" } } }
            # - { paths: [/v1/*], allow: signedIn, api: true, allowPreflight: true } # 401 for whoever is not signed in; CORS preflight
            - { paths: [/*], allow: signedIn }

        # The OpenID provider. Leave it out when users sign in elsewhere.
        provider:
          issuer: https://apps.example.com/dex

          clients:
            - id: gatehouse
              name: Applications
              secret: { file: client.secret }
              redirectURIs:
                - https://apps.example.com/_gatehouse/callback
              postLogoutRedirectURIs:
                - https://apps.example.com/_gatehouse/sign-out
            # Other applications; they are told when a session ends, and people are asked what they may know:
            # - id: wiki
            #   secret: { file: wiki.secret }
            #   redirectURIs: [https://wiki.example.com/callback]
            #   postLogoutRedirectURIs: [https://wiki.example.com/]
            #   backChannelLogoutURI: https://wiki.example.com/backchannel-logout # from server to server
            #   frontChannelLogoutURI: https://wiki.example.com/frontchannel-logout # in a frame of the sign-out page
            #   skipConsent: false # true: never asked; without it asked only for programs on people's own machines
            #   onlineRefresh: false # true: refresh tokens without offline_access, too; they end with the session
            # Native and browser applications keep no secret:
            # - { id: cli, public: true, redirectURIs: ["http://127.0.0.1:8000/callback"] }
            # Everything else that a client can have:
            # - id: reports
            #   secrets: [ { file: new.secret }, { file: old.secret } ] # any of them is right
            #   secretHashes: ["sha256:…"] # of secrets that only the client knows: printf %s "$SECRET" | sha256sum
            #   # client_secret_basic | client_secret_post | client_secret_jwt | private_key_jwt | tls_client_auth |
            #   # self_signed_tls_client_auth; either of the first two without it
            #   tokenEndpointAuth: private_key_jwt
            #   jwksFile: reports.jwks # its public keys, or jwksURI: https://reports.example.com/jwks
            #   # For the last two: one of subjectDN, sanDNS, sanURI, sanEmail; or the certificate itself.
            #   tlsClientAuth: { subjectDN: "CN=reports,O=Example" } # sanDNS: … | sanURI: … | sanEmail: … | certificate: reports.crt
            #   tlsBoundAccessTokens: false # whether they are good with its certificate only
            #   grantTypes: [authorization_code, refresh_token, device_code, client_credentials, token_exchange, jwt_bearer, password]
            #   scopes: [openid, email, "reports:read"] # what it may ask for; ones of its own, too
            #   audience: [https://reports.example.com] # aud of its access tokens; its id without it
            #   accessTokenFormat: jwt # jwt (RFC 9068) | opaque
            #   idTokenLifetime: 10m
            #   accessTokenLifetime: 10m
            #   refreshTokenIdle: 7d # in place of tokens.refresh
            #   refreshTokenLifetime: 30d
            #   idTokenAlgorithm: ES256
            #   trustedPeers: [cli] # may have tokens for this client: scope audience:server:client_id:reports
            #   exchangeAudiences: [https://archive.example.com]
            #   exchangeConnectors: [corp] # whose ID tokens and access tokens it may exchange for ours
            #   connectors: [ldap] # whose users it takes
            #   groups: [staff] # its users have to be in one of them
            #   mfa: required # required | ifEnrolled | skip: whether its users give a second factor; as `mfa` below without it
            #   introspection: own # own | all: about whose tokens it may ask
            #   requirePKCE: true # although it authenticates; public clients have to in any case
            #   requirePushedRequests: true # RFC 9126
            #   requireSignedRequests: true # RFC 9101

          # `gatehouse hash-password` makes the hash; the one here is of the word `password`.
          users:
            - email: admin@example.com
              hash: $2b$10$1x0OVZ3KF/z6GUh6/XJSFuHim3oFwdrq0KlJdt4k920Qfda/E8Dk.
              name: Admin
              username: admin
              userID: 5c1f0f5e-6d3c-4b0e-9a3e-6f1d3f0c7a11 # never changes, unlike names; the e-mail address when missing
              groups: [admins, team-a]

          # Certificates by which clients authenticate (RFC 8705).
          # clientCertificates:
          #   source: connection # shown to listen.web, with its tls.clientCA; or forwarded: the gateway says so
          #   caFile: clients.crt # who has signed those of tls_client_auth
          #   url: https://mtls.example.com/dex # where such clients find the endpoints, if not at the issuer
          # Clients beside those, kept in `storage`: made with `gatehouse clients` or the admin API.
          # storedClients: false
          # Users beside those, kept in `storage`: made with `gatehouse users` or the admin API; none without it.
          # storedUsers: { invitations: 3d } # so long a link is good with which somebody chooses a password
          # Their passwords: how they are hashed, and which may be chosen. The list has a password or its SHA-1 in each line.
          # passwords:
          #   algorithm: bcrypt # bcrypt | argon2id
          #   bcryptCost: 10
          #   argon2id: { memory: 19MiB, iterations: 2, parallelism: 1 }
          #   minimumLength: 8
          #   refused: refused-passwords.txt

          # Connectors beside those below, kept in `storage`: made with `gatehouse connectors` or the admin API.
          # storedConnectors: false
          # Where else users sign in; with several ways people choose. The options are those of Dex's connector of that type.
          # connectors:
          #   - id: ldap # never changes: subjects are made of it
          #     type: ldap
          #     name: Company directory
          #     mfa: ifEnrolled # required | ifEnrolled | skip: whether its users give a second factor
          #     ldap:
          #       host: ldap.example.com # or hosts: [ldap1.example.com, ldap2.example.com]; port 636, with startTLS 389
          #       startTLS: false # insecureNoSSL: true for clear text
          #       rootCA: ldap-ca.crt # the system's without it; insecureSkipVerify: true takes any certificate
          #       clientCert: ldap-client.crt
          #       clientKey: ldap-client.key
          #       bindDN: cn=gatehouse,dc=example,dc=com # who searches
          #       bindPW: { env: LDAP_PASSWORD }
          #       usernamePrompt: Staff number # the label of what people type
          #       connectTimeout: 5s # for each server
          #       timeout: 10s # of an answer
          #       signInTimeout: 30s # of all that a sign-in asks, the wait for its turn included
          #       userSearch:
          #         baseDN: ou=people,dc=example,dc=com
          #         filter: (objectClass=inetOrgPerson)
          #         username: uid # or uid,mail
          #         scope: sub # sub | one
          #         idAttr: uid
          #         emailAttr: mail # or emailSuffix: example.com
          #         nameAttr: cn
          #         preferredUsernameAttr: uid
          #       groupSearch:
          #         baseDN: ou=groups,dc=example,dc=com
          #         filter: (objectClass=groupOfNames)
          #         nameAttr: cn
          #         userMatchers:
          #           - { userAttr: DN, groupAttr: member, recursionGroupAttr: member }
          #   - id: corp
          #     type: oidc # people sign in at another OpenID provider
          #     name: Company account
          #     oidc:
          #       issuer: https://login.example.com
          #       clientID: gatehouse
          #       clientSecret: { env: CORP_SECRET }
          #       redirectURI: https://apps.example.com/dex/callback/corp # as registered there; or the issuer's /callback
          #       scopes: [profile, email] # beside openid
          #       basicAuthUnsupported: false # true: the secret is sent in the body
          #       getUserInfo: false
          #       insecureSkipEmailVerified: false
          #       insecureEnableGroups: true
          #       allowedGroups: [staff]
          #       userIDKey: sub
          #       userNameKey: name
          #       claimMapping: { preferred_username: login, email: mail, groups: roles }
          #       overrideClaimMapping: false
          #       promptType: consent # for refresh tokens; none: no prompt is sent
          #       acrValues: [mfa]
          #       hostedDomains: [example.com]
          #       claimModifications:
          #         newGroupFromClaims: [ { claims: [department], delimiter: "-", prefix: corp, clearDelimiter: true } ]
          #         filterGroupClaims: { groupsFilter: "^team-" }
          #         modifyGroupNames: { prefix: "corp:", suffix: "" }
          #       issuerAlias: https://login.corp.example.com # what it calls itself, where that is not `issuer`
          #       pkceChallenge: S256
          #       providerDiscoveryOverrides: { authURL: …, tokenURL: …, jwksURL: …, userInfoURL: … }
          #       rootCAs: [corp-ca.crt] # or rootCA: corp-ca.crt; the system's without it
          #       insecureSkipVerify: false
          #       insecureSkipTokenAudience: false # true exchanges access tokens of the upstream's other clients, too
          #       proxy: http://proxy.example.com:3128
          #   - id: forum
          #     type: oauth # any OAuth 2.0 server
          #     name: Forum
          #     oauth:
          #       clientID: gatehouse
          #       clientSecret: { env: FORUM_SECRET }
          #       authorizationURL: https://forum.example.com/oauth/authorize
          #       tokenURL: https://forum.example.com/oauth/token
          #       userInfoURL: https://forum.example.com/api/me
          #       scopes: [profile]
          #       userIDKey: id
          #       insecureSkipEmailVerified: false
          #       claimMapping:
          #         { userNameKey: user_name, preferredUsernameKey: preferred_username, groupsKey: groups, emailKey: email,
          #           emailVerifiedKey: email_verified }
          #   - id: github
          #     type: github
          #     name: GitHub
          #     github:
          #       clientID: gatehouse
          #       clientSecret: { env: GITHUB_SECRET }
          #       orgs: [ { name: example, teams: [Platform] } ] # or org: example, whose teams are groups by their names alone
          #       loadAllGroups: false # without orgs: all organisations and teams are groups
          #       teamNameField: name # name | slug | both
          #       useLoginAsID: false
          #       preferredEmailDomain: example.com # the verified address of it, where somebody has several
          #       hostName: github.example.com # a GitHub Enterprise
          #   - id: gitlab
          #     type: gitlab
          #     name: GitLab
          #     gitlab:
          #       baseURL: https://gitlab.com
          #       clientID: gatehouse
          #       clientSecret: { env: GITLAB_SECRET }
          #       groups: [platform]
          #       useLoginAsID: false
          #       getGroupsPermission: false
          #   - id: google
          #     type: google
          #     name: Google
          #     google:
          #       clientID: gatehouse
          #       clientSecret: { env: GOOGLE_SECRET }
          #       hostedDomains: [example.com]
          #       serviceAccountFilePath: google.json # without it there are no groups
          #       domainToAdminEmail: { "*": admin@example.com } # or adminEmail: admin@example.com
          #       groups: [staff@example.com] # whoever is in none of them is not taken
          #       fetchTransitiveGroupMembership: false
          #   - id: microsoft
          #     type: microsoft
          #     name: Microsoft
          #     microsoft:
          #       clientID: gatehouse
          #       clientSecret: { env: MICROSOFT_SECRET }
          #       tenant: common # a tenant's id or domain | common | organizations | consumers
          #       groups: [Staff]
          #       onlySecurityGroups: false
          #       groupNameFormat: name # name | id
          #       useGroupsAsWhitelist: false
          #       emailToLowercase: false
          #       promptType: select_account
          #       domainHint: example.com
          #       scopes: [user.read]
          #       preferredUsernameField: mailNickname # name | email | mailNickname | onPremisesSamAccountName
          #       apiURL: https://login.microsoftonline.com # other clouds have others
          #       graphURL: https://graph.microsoft.com
          #   - id: portal
          #     type: authproxy # a proxy in front of /callback/portal says who it is
          #     name: Portal
          #     authproxy:
          #       userHeader: X-Remote-User
          #       userIDHeader: X-Remote-User-Id
          #       userNameHeader: X-Remote-User-Name
          #       emailHeader: X-Remote-User-Email
          #       groupHeader: X-Remote-Group
          #       groupHeaderSeparator: ","
          #       staticGroups: [everybody]
          #       trustedProxies: [10.1.2.3] # nobody else is believed
          #       proxySecret: { file: portal.secret } # what it shows in X-Gatehouse-Proxy-Secret

          tokens:
            idToken: 1h
            accessToken: 1h
            refresh: { idle: 30d, lifetime: 180d, reuseWindow: 10s }

          # One session a browser, for all clients:
          sessions:
            idle: 12h # without a sign-in at any client
            lifetime: 7d # then the password is asked for again
            remember: ask # a box on the login page | always | never: until the browser is closed
            accountsPerBrowser: 5
            keepOfflineAccess: false # whether refresh tokens with offline_access outlive a sign-out
            logoutNotices: 1d # so long a client that does not answer is told of a sign-out again

          # Second factors: whoever has set one up is always asked for it.
          mfa:
            required: never # never | always | groups: who has to have one, and sets it up at the sign-in
            # groups: [admins] # with required: groups
            # label: Example # what authenticator apps show; the issuer's host without it
            acrValues: [mfa] # clients that ask for one of these get it; the first is told to all others
            passkeys: # people sign in with them alone, too
              enabled: true # where the issuer has a host name, on https or localhost
              # rpID: example.com # what passkeys are bound to for good: the issuer's host, or a domain that it ends in
              # rpName: Example # what authenticators show; rpID without it
              userVerification: preferred # required | preferred | discouraged: a PIN or a finger, after a password; alone it is required
              # attestationRoots: models.crt # only authenticators that one of these certificates vouches for

          # The first is used where a client does not ask for another.
          signingAlgorithms: [RS256, ES256] # RS256 | ES256 | EdDSA

          # A key signs for rotateAfter, and is published so long before that everybody has it by then.
          keys: { rotateAfter: 30d, publishAhead: 2h }

          # Who checks passwords that clients send themselves (grant type password); nobody without it.
          # passwordConnector: local
          # Whose assertions stand for a sign-in (grant type jwt_bearer):
          # assertionIssuers:
          #   - { id: cluster, issuer: "https://kubernetes.default.svc", jwksURI: "https://kubernetes.default.svc/openid/v1/jwks" }
          # Lets clients register themselves (RFC 7591); nobody without it.
          # registration: { token: { file: registration.token }, lifetime: 90d }

        log:
          level: info # trace | debug | info | notice | warning | error | critical
          format: json # json | text

        # What the pages look like: a directory with theme.css, logo.svg, templates/ and files/.
        # pages:
        #   theme: theme

        """#
}
