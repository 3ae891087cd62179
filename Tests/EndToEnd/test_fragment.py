"""The part of an address behind `#` outlives a sign-in at a login page, in a real browser."""
import pytest

from support.chromium import Chromium
from support.fixtures import stack_fixture
from support.stack import password_of


kept = stack_fixture("fragment", {"keepFragment": True})


@pytest.fixture
def chromium(artifacts):
    browser = Chromium(artifacts / "screenshots", "fragment")
    yield browser
    browser.close()


def sign_in(chromium) -> None:
    chromium.fill_in("admin@example.com", password_of("admin@example.com"))


@pytest.mark.parametrize("gateway", ["grpc_url", "http_url"])
@pytest.mark.parametrize("fragment", ["#/reports/7?a=b&c", "#a%20b+c", "#%2F%2Fevil.com"])
def test_the_fragment_is_there_after_the_login_page(kept, chromium, gateway, fragment):
    url = f"{getattr(kept, gateway)}/"
    chromium.open(url + fragment)
    assert "/auth/local/login" in chromium.driver.current_url
    sign_in(chromium)
    assert chromium.driver.current_url == url + fragment
    assert chromium.complaints() == []


def test_without_scripts_there_is_a_link(kept, chromium):
    chromium.without_scripts()
    chromium.open(f"{kept.grpc_url}/#part")
    assert "/_gatehouse/sign-in" in chromium.driver.current_url
    chromium.pictures("sign-in-page")
    chromium.click("main a.button")
    sign_in(chromium)
    assert chromium.driver.current_url.startswith(f"{kept.grpc_url}/")
