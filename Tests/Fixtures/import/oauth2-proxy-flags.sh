# oauth2-proxy by its command line: options of its own, lists by repetition and by commas, both ways to give a value.
/bin/oauth2-proxy \
  --config=/etc/oauth2-proxy.cfg --alpha-config /etc/alpha.yaml --config-test --convert-config-to-alpha --version \
  --provider oidc --oidc-issuer-url=https://sso.example.com --client-id=apps --client-secret a-secret-of-the-apps \
  --cookie-secret "0123456789abcdef0123456789abcdef" \
  --email-domain=example.com --email-domain=example.org,example.net \
  --authenticated-emails-file=/etc/oauth2-proxy/emails.txt --skip-jwt-bearer-tokens \
  --skip-auth-route='GET=^/public/' --api-route=^/api/ \
  --redirect-url=https://apps.example.com/oauth2/callback --set-xauthrequest --cookie-secure=false --pass-user-headers=false
