"""Applications of several tenants: who enters which."""
import pytest

from support.client import Client


def with_tenants(configuration: dict) -> None:
    configuration["authService"]["rules"] = [
        {"paths": ["/echo/team/*"], "tenant": {"path": "/echo/team/*"}, "allow": {"groups": ["team-{tenant}"]}},
        {"paths": ["/echo/space"], "tenant": {"header": "x-tenant"}, "allow": {"groups": ["team-{tenant}"]}},
        {"hosts": ["*.apps.localhost"], "tenant": {"host": "*.apps.localhost"}, "allow": {"groups": ["team-{tenant}"]}},
    ]


@pytest.fixture(scope="module")
def tenants(make_stack):
    return make_stack("tenants", with_tenants)


@pytest.fixture(scope="module")
def people(tenants) -> dict[str, Client]:
    return {name: tenants.signed_in(f"{name}@example.com") for name in ("admin", "bob")}


@pytest.fixture(params=["grpc", "http"])
def url(request, tenants) -> str:
    return tenants.grpc_url if request.param == "grpc" else tenants.http_url


@pytest.mark.parametrize(("person", "path", "expected"), [
    ("admin", "a/x", 200), ("admin", "b/x", 403), ("bob", "b", 200), ("bob", "a", 403), ("bob", "b/../a/x", 403),
    ("admin", "%61/x", 200), ("admin", "a;b/x", 403), ("bob", "a%2f..%2fb", 400), ("admin", "", 403), ("admin", "A/x", 403),
])
def test_a_path_names_the_tenant(tenants, people, url, person, path, expected):
    before = tenants.hit_counts()
    assert people[person].get(f"{url}/echo/team/{path}").status_code == expected
    assert len(tenants.new_hits(before)) == (1 if expected == 200 else 0)


@pytest.mark.parametrize(("person", "tenant", "expected"), [
    ("admin", "a", 200), ("admin", "b", 403), ("admin", None, 403), ("bob", "b", 200), ("bob", "b,a", 403), ("bob", "{tenant}", 403),
])
def test_a_header_names_the_tenant(tenants, people, url, person, tenant, expected):
    headers = {"accept": "application/json"} | ({"x-tenant": tenant} if tenant is not None else {})
    before = tenants.hit_counts()
    assert people[person].get(f"{url}/echo/space", headers=headers).status_code == expected
    assert len(tenants.new_hits(before)) == (1 if expected == 200 else 0)


def test_nobody_enters_without_a_sign_in(tenants, url):
    with tenants.nothing_reaches_an_application():
        assert Client().get(f"{url}/echo/team/a", headers={"accept": "application/json"}).status_code == 401
