"""A Gatehouse whose only provider is a scripted one."""
from support.scripted_provider import ScriptedProvider
from support.stack import Stack


def outside_stack(
    make_stack, name: str, provider: ScriptedProvider, service: dict | None = None, *,
    scopes: str = "openid email profile", secrets: dict[str, str] | None = None, kind=Stack, storage: dict | None = None, **entry,
) -> Stack:
    """Started. `service` is what differs in `authService`, `secrets` are further files by name, `entry` what else the provider's
    entry says; `kind` is the stack's class."""

    def change(configuration):
        configuration["authService"] |= {"providers": [{
            "id": "corp", "issuer": provider.issuer, "clientID": provider.client_id, "clientSecret": {"file": "corp.secret"},
            "scopes": scopes.split(), **entry,
        }]} | (service or {})
        del configuration["provider"]
        configuration["storage"] = storage or configuration["storage"]

    stack = make_stack(name, change, start=False, kind=kind)
    for file, secret in ({"corp.secret": provider.client_secret} | (secrets or {})).items():
        stack.write_secret(file, secret)
    stack.start()
    return stack
