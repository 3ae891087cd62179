extension Example {
    /// A file for Kubeflow's community distribution: what Dex and oauth2-proxy do there, with the same user, the same headers and the
    /// same paths. It passes the check once the three files that it names are there.
    package static let kubeflow = #"""
        # Gatehouse in place of Dex and oauth2-proxy in Kubeflow's community distribution.
        # Put your own host in place of kubeflow.example.com, and make the files that this one names:
        #   umask 077; openssl rand -hex 32 > cookie.key; openssl rand -hex 32 > client.secret
        #   kubectl get --raw /openid/v1/jwks > cluster.jwks
        # Then:  gatehouse manifests kubeflow --config FILE --out DIR        All settings:  gatehouse config example

        listen:
          web: 0.0.0.0:9000
          checkHTTP: 0.0.0.0:9001
          checkGRPC: 0.0.0.0:9002
          admin: 0.0.0.0:9003

        # One replica with a volume of its own. For more of them:
        #   postgres: { url: postgres://gatehouse@postgres.example.com/gatehouse, password: { file: postgres.password } }
        storage:
          sqlite: { path: gatehouse.db }

        authService:
          # As browsers see Kubeflow; http://localhost:8080 for `kubectl port-forward`.
          publicURL: https://kubeflow.example.com
          secrets: [ { file: cookie.key } ]
          session: { idle: 12h, lifetime: 24h }
          providers:
            - id: local
              embedded: true
              clientID: kubeflow
              scopes: [openid, email, profile, groups, offline_access]
              # Profiles compare the owner's name with capitals and all.
              claims: { transform: [ { claim: email, lowerCase: true } ] }
          # The dashboard signs out at /oauth2/sign_out, older ones at /authservice/logout.
          compatibility: [oauth2-proxy, arrikto]
          identity:
            presets: [kubeflow] # kubeflow-userid: email, kubeflow-groups: groups
            strip: [x-auth-request-*, x-forwarded-user, x-forwarded-email, x-forwarded-groups]
            # For `gatehouse manifests kubeflow --identity token`, which takes both headers from it; then without `presets` above:
            # assertion: { header: x-gatehouse-assertion, audience: kubeflow, lifetime: 5m }
          # Programs with a service account of the cluster: `kubectl create token default-editor --namespace team-a`.
          bearer:
            - issuer: https://kubernetes.default.svc.cluster.local # kubectl get --raw /.well-known/openid-configuration
              audiences: [https://kubernetes.default.svc.cluster.local]
              email: sub # who it is, for Profiles: system:serviceaccount:team-a:default-editor
              jwksFile: cluster.jwks # Gatehouse has no access to the API server
          rules:
            # What scripts of Kubeflow's pages ask for gets 401, never the way to the sign-in.
            - { paths: [/**/api/*, /**/apis/*, /ml_metadata/*, /ml_metadata.MetadataStoreService/*], allow: signedIn, onAnonymous: unauthorized }
            - { paths: [/*], allow: signedIn }

        provider:
          issuer: https://kubeflow.example.com/dex
          clients:
            - id: kubeflow
              name: Kubeflow
              secret: { file: client.secret }
              redirectURIs: [https://kubeflow.example.com/oauth2/callback]
              postLogoutRedirectURIs: [https://kubeflow.example.com/_gatehouse/sign-out]
          # The distribution's own user, whose password everybody knows: 12341234. Make another with `gatehouse hash-password`.
          users:
            - email: user@example.com
              username: user
              userID: "15841185641784"
              hash: $2b$12$q0ckJ.aIiHHabXwl1sO5nOnSHBLFOeaw53Hnhcyf5qyKHPBcuOksy
        """# + "\n"
}
