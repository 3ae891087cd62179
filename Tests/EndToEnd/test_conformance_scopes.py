"""Certification plans Basic and Form Post: what scopes and single claims bring."""
import json

# What userinfo has for a scope of ours.
CLAIMS = {
    "profile": {"name": "Bob Builder", "preferred_username": "bob"},
    "email": {"email": "bob@example.com", "email_verified": True},
}


def told(party, visitor, scope: str) -> dict:
    """What userinfo says beside `sub`, after a flow with this scope."""
    tokens, claims = party.complete(visitor, scope=scope)
    known = set(scope.split()) & set(party.about["scopes_supported"])
    assert set(tokens.get("scope", scope).split()) >= known
    return {name: value for name, value in party.userinfo(claims).items() if name != "sub"}


def test_oidcc_scope_profile(party, visitor):
    assert told(party, visitor, "openid profile") == CLAIMS["profile"]


def test_oidcc_scope_email(party, visitor):
    assert told(party, visitor, "openid email") == CLAIMS["email"]


def test_oidcc_scope_address(party, visitor):
    """Not offered; who asks for it all the same is not refused (OpenID Connect Core, section 3.1.2.1), and told nothing more."""
    assert "address" not in party.about["scopes_supported"]
    assert told(party, visitor, "openid address") == {}


def test_oidcc_scope_phone(party, visitor):
    assert "phone" not in party.about["scopes_supported"]
    assert told(party, visitor, "openid phone") == {}


def test_oidcc_scope_all(party, visitor):
    assert told(party, visitor, "openid profile email address phone") == CLAIMS["profile"] | CLAIMS["email"]


def test_oidcc_ensure_other_scope_order_succeeds(party, visitor):
    assert told(party, visitor, "email openid") == CLAIMS["email"]


def test_oidcc_claims_essential(party, visitor):
    """One claim of userinfo, without its scope; it gets into no ID token by that."""
    _, claims = party.complete(visitor, claims=json.dumps({"userinfo": {"name": {"essential": True}}}))
    assert party.userinfo(claims) == {"sub": claims["sub"], "name": "Bob Builder"}
    assert "name" not in claims
