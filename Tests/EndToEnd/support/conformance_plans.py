"""The OpenID certification plans for providers, as the OpenID Foundation's conformance suite publishes them: plan → modules."""

BASIC = [
    "oidcc-server", "oidcc-response-type-missing", "oidcc-idtoken-signature", "oidcc-idtoken-unsigned", "oidcc-userinfo-get",
    "oidcc-userinfo-post-header", "oidcc-userinfo-post-body", "oidcc-ensure-request-without-nonce-succeeds-for-code-flow",
    "oidcc-scope-profile", "oidcc-scope-email", "oidcc-scope-address", "oidcc-scope-phone", "oidcc-scope-all",
    "oidcc-ensure-other-scope-order-succeeds", "oidcc-display-page", "oidcc-display-popup", "oidcc-prompt-login",
    "oidcc-prompt-none-not-logged-in", "oidcc-prompt-none-logged-in", "oidcc-max-age-1", "oidcc-max-age-10000",
    "oidcc-ensure-request-with-unknown-parameter-succeeds", "oidcc-id-token-hint", "oidcc-login-hint", "oidcc-ui-locales",
    "oidcc-claims-locales", "oidcc-ensure-request-with-acr-values-succeeds", "oidcc-codereuse", "oidcc-codereuse-30seconds",
    "oidcc-ensure-registered-redirect-uri", "oidcc-ensure-post-request-succeeds", "oidcc-server-client-secret-post",
    "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
    "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported", "oidcc-claims-essential",
    "oidcc-ensure-request-object-with-redirect-uri", "oidcc-refresh-token", "oidcc-ensure-request-with-valid-pkce-succeeds",
]

PLANS = {
    "oidcc-basic-certification-test-plan": BASIC,
    # The same modules with response_mode=form_post.
    "oidcc-formpost-basic-certification-test-plan": BASIC,
    "oidcc-config-certification-test-plan": ["oidcc-discovery-endpoint-verification"],
    "oidcc-rp-initiated-logout-certification-test-plan": [
        "oidcc-rp-initiated-logout-discovery-endpoint-verification", "oidcc-rp-initiated-logout",
        "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri", "oidcc-rp-initiated-logout-modified-id-token-hint",
        "oidcc-rp-initiated-logout-no-id-token-hint", "oidcc-rp-initiated-logout-no-params",
        "oidcc-rp-initiated-logout-no-post-logout-redirect-uri", "oidcc-rp-initiated-logout-no-state",
        "oidcc-rp-initiated-logout-only-state",
        # Published, but of the plan in its earlier versions only.
        "oidcc-rp-initiated-logout-bad-id-token-hint", "oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri",
    ],
    "oidcc-backchannel-rp-initiated-logout-certification-test-plan": [
        "oidcc-backchannel-logout-discovery-endpoint-verification", "oidcc-backchannel-rp-initiated-logout",
    ],
    "oidcc-frontchannel-rp-initiated-logout-certification-test-plan": [
        "oidcc-frontchannel-logout-discovery-endpoint-verification", "oidcc-frontchannel-rp-initiated-logout",
    ],
}


def name_of(module: str) -> str:
    """What the test of a module is called."""
    return "test_" + module.replace("-", "_")
