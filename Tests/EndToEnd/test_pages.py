"""The pages as people see them: in their language, from right to left, in light and dark, on a phone, in a theme."""
import re
import subprocess

import pytest

from support import accessibility, paths
from support.chromium import Chromium
from support.client import NAVIGATION, Client
from support.html import Page
from support.stack import password_of

HEADINGS = {
    "en": "Sign in", "de": "Anmelden", "fr": "Se connecter", "es": "Iniciar sesión",
    "it": "Accedi", "pt": "Entrar", "el": "Σύνδεση", "ja": "サインイン",
    "zh-Hans": "登录", "ar": "تسجيل الدخول",
}
WISHES = {"de": "de-AT,en;q=0.5", "fr": "nl, fr;q=0.9, en;q=0.3", "zh-Hans": "zh-CN", "ar": "ar-EG;q=1.0",
    "it": "it-CH", "pt": "pt-BR,pt;q=0.9,en;q=0.5"}


@pytest.mark.parametrize("language", HEADINGS)
def test_the_login_page_is_in_its_readers_language(gateway, language):
    client = Client()
    headers = NAVIGATION | {"accept-language": WISHES.get(language, language)}
    client.session.headers["accept-language"] = headers["accept-language"]
    response = client.follow(client.get(f"{gateway}/", headers=headers))
    assert response.headers["content-language"] == language
    assert "accept-language" in response.headers["vary"].lower()
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in response.text
    assert f"<h1>{HEADINGS[language]}</h1>" in response.text


@pytest.mark.parametrize("language", HEADINGS)
def test_the_auth_services_pages_are_too(gateway, language, bob):
    headers = NAVIGATION | {"accept-language": language}
    page = bob.get(f"{gateway}/_gatehouse/sign-out", headers=headers)
    refused = bob.get(f"{gateway}/admin/", headers=headers)
    assert page.headers["content-language"] == refused.headers["content-language"] == language
    assert refused.status_code == 403 and f'lang="{language}"' in refused.text


@pytest.fixture(scope="module")
def full(make_stack):
    """With everything that has a page: several providers, tokens, forms that are kept."""
    def change(configuration):
        service = configuration["authService"]
        service["personalTokens"] = {"lifetime": "90d"}
        service["signIn"] = {"keepPosts": "64KiB"}
        service["providers"].append({
            "id": "far", "name": "Far away", "issuer": "http://127.0.0.1:9", "clientID": "x", "tokenEndpointAuth": "none"})

    stack = make_stack("pages", change)
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def person(full) -> Client:
    client = Client()
    client.sign_in(
        f"{full.grpc_url}/_gatehouse/sign-in?provider=local&rd=%2F", "bob@example.com", password_of("bob@example.com"))
    return client


def late_form(client: Client, url: str, headers: dict):
    return Client().post(f"{url}/echo/save", data={"text": "x"}, headers=headers | {"origin": url, "sec-fetch-site": "same-origin"})


# Each page, and its heading in three languages; `own` pages are shown to whoever is signed in.
FAMILY = {
    "sign-in": (lambda own, url, headers: Client().get(f"{url}/_gatehouse/sign-in?page=1", headers=headers), 200),
    "sign-out": (lambda own, url, headers: own.get(f"{url}/_gatehouse/sign-out", headers=headers), 200),
    "signed out": (lambda own, url, headers: Client().get(f"{url}/_gatehouse/sign-out", headers=headers), 200),
    "sessions": (lambda own, url, headers: own.get(f"{url}/_gatehouse/sessions", headers=headers), 200),
    "tokens": (lambda own, url, headers: own.get(f"{url}/_gatehouse/tokens", headers=headers), 200),
    "no access": (lambda own, url, headers: own.get(f"{url}/admin/", headers=headers), 403),
    "not found": (lambda own, url, headers: own.get(f"{url}/_gatehouse/nothing", headers=headers), 404),
    "failed": (lambda own, url, headers: Client().get(f"{url}/_gatehouse/callback", headers=headers), 400),
    "away": (lambda own, url, headers: Client().get(f"{url}/_gatehouse/sign-in?provider=far", headers=headers), 503),
    "kept form": (late_form, 401),
}


@pytest.mark.parametrize("page", FAMILY)
def test_every_page_is_of_one_family_in_every_language(full, gateway_of_full, person, page):
    ask, status = FAMILY[page]
    headings = set()
    for language in HEADINGS:
        response = ask(person, gateway_of_full, NAVIGATION | {"accept-language": language})
        assert response.status_code == status, response.text[:300]
        read = Page(response.url, response.text)
        direction = "rtl" if language == "ar" else "ltr"
        assert f'<html lang="{language}" dir="{direction}">' in response.text
        assert response.headers["content-language"] == language and "no-store" in response.headers["cache-control"]
        assert 'class="logo"' in response.text and 'rel="stylesheet"' in response.text and read.inline_scripts == 0
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert ("eference" in read.text) or language != "en" or status < 400 or page == "kept form"
        headings.add(re.search(r"<h1>(.*?)</h1>", response.text, re.S).group(1))
    assert len(headings) == len(HEADINGS), "each language says it in its own words"


@pytest.fixture(params=["grpc_url", "http_url"])
def gateway_of_full(request, full) -> str:
    return getattr(full, request.param)


def test_programs_read_english(gateway, bob):
    answer = bob.get(f"{gateway}/admin/", headers={"accept": "application/json", "accept-language": "de"})
    assert answer.json()["message"].endswith(" Your account may not open this page.")


def test_the_applications_wish_counts_more_than_the_browsers(stack):
    account = stack.apps_account
    client = Client()
    response = client.follow(client.get(
        f"{stack.issuer}/auth?client_id={account.id}&redirect_uri={account.redirect_uri}&response_type=code&scope=openid"
        "&ui_locales=nl%20ja%20fr", headers=NAVIGATION | {"accept-language": "de"}))
    assert response.headers["content-language"] == "ja"
    form = Page(response.url, response.text).form_with("login", "password")
    wrong = client.submit(form, login="bob@example.com", password="not-the-password")
    assert wrong.headers["content-language"] == "ja" and "パスワードが正しくありません" in wrong.text


@pytest.mark.parametrize("wish", ["x" * 5000, "de;q=9", "\"", "de," * 200, "<script>", "en\t;\tq=0.1"])
def test_an_odd_wish_gets_english(gateway, client, wish):
    response = client.get(f"{gateway}/_gatehouse/sign-out", headers=NAVIGATION | {"accept-language": wish})
    assert response.status_code == 200 and response.headers["content-language"] == "en"


@pytest.fixture
def chromium(artifacts):
    browser = Chromium(artifacts / "screenshots", "pages")
    yield browser
    browser.close()


@pytest.mark.parametrize("language", ["ar", "de", "ja", "el", "zh-Hans"])
def test_pictures_in_other_languages(chromium, stack, language):
    chromium.driver.execute_cdp_cmd("Network.enable", {})
    chromium.driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {"Accept-Language": language}})
    chromium.open(f"{stack.grpc_url}/team-b/")
    chromium.pictures(f"login-{language}")
    chromium.fill_in("bob@example.com", "not-the-password")
    chromium.pictures(f"wrong-password-{language}")
    chromium.fill_in("bob@example.com", password_of("bob@example.com"))
    chromium.open(f"{stack.grpc_url}/admin/")
    chromium.pictures(f"forbidden-{language}")
    chromium.open(f"{stack.grpc_url}/_gatehouse/nothing")
    chromium.pictures(f"not-found-{language}")
    chromium.open(f"{stack.grpc_url}/_gatehouse/sessions")
    chromium.pictures(f"sessions-{language}")
    chromium.open(f"{stack.grpc_url}/_gatehouse/sign-out")
    direction = chromium.driver.execute_script("return getComputedStyle(document.body).direction")
    assert direction == ("rtl" if language == "ar" else "ltr")
    chromium.pictures(f"sign-out-{language}")
    chromium.click("form button")
    chromium.pictures(f"signed-out-{language}")


def test_forms_that_only_some_people_see(chromium, full):
    """The page of a device's code, with one that is wrong, and that of personal tokens, by keyboard as well."""
    chromium.open(f"{full.issuer}/device")
    chromium.pictures("device")
    chromium.find("#code").send_keys("NONE-SUCH")
    chromium.click("form button")
    assert chromium.find("#error").text and chromium.find("#code").get_attribute("aria-describedby") == "error"
    chromium.pictures("device-wrong")
    chromium.open(f"{full.grpc_url}/_gatehouse/sign-in?provider=local&rd=%2F_gatehouse%2Ftokens")
    chromium.fill_in("bob@example.com", password_of("bob@example.com"))
    chromium.pictures("tokens")
    accessibility.assert_usable_by_keyboard(chromium.driver, "tokens", chromium.tab)


# Replaced in the theme: where to find the page, and who has to be signed in.
TEMPLATES = {
    "sign-in": lambda own, url: Client().get(f"{url}/_gatehouse/sign-in?page=1"),
    "sign-out": lambda own, url: own.get(f"{url}/_gatehouse/sign-out"),
    "sessions": lambda own, url: own.get(f"{url}/_gatehouse/sessions"),
    "tokens": lambda own, url: own.get(f"{url}/_gatehouse/tokens"),
    "message": lambda own, url: own.get(f"{url}/admin/"),
    "kept-form": lambda own, url: late_form(own, url, NAVIGATION),
}


@pytest.fixture(scope="module")
def themed(make_stack, artifacts):
    def change(configuration):
        configuration["pages"] = {"theme": "theme"}
        configuration["authService"]["personalTokens"] = {"lifetime": "90d"}

    stack = make_stack("themed", change, start=False)
    folder = stack.folder / "theme"
    (folder / "templates").mkdir(parents=True)
    (folder / "files").mkdir()
    (folder / "theme.css").write_text(
        ":root { --accent: #0b5394; --accent-strong: #083e6f; --glow: #d5e3f5; }\nbody { background-image: url(dots.svg); }\n"
        "@media (prefers-color-scheme: dark) { :root { --accent: #8ab8ef; --accent-strong: #b3d1f6; --on-accent: #08131f; } }\n")
    (folder / "files" / "dots.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><circle cx="2" cy="2" r="1.5" fill="#8aa8cc"/></svg>')
    (folder / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="22" fill="#0b5394"/></svg>')
    (folder / "templates" / "signed-out.html").write_text(
        '<h1>{{heading}}</h1>\n<p class="lead">{{sentence}}</p>\n<p>Acme Ltd., extension 4711</p>\n')
    for name in TEMPLATES:
        (folder / "templates" / f"{name}.html").write_text(f"<h1>{{{{heading}}}}</h1><p>Our own {name}</p>\n")
    stack.start()
    yield stack
    stack.stop()


def test_a_theme_changes_both_roles_pages(themed, chromium):
    chromium.open(f"{themed.grpc_url}/")
    assert chromium.driver.execute_script(
        "return getComputedStyle(document.querySelector('.button')).backgroundColor") == "rgb(11, 83, 148)"
    assert chromium.driver.execute_script("return document.querySelector('.logo').naturalWidth") > 0
    chromium.pictures("themed-login")
    chromium.open(f"{themed.grpc_url}/_gatehouse/sign-out")
    assert "Acme Ltd., extension 4711" in chromium.text()
    chromium.pictures("themed-signed-out")
    assert chromium.complaints() == []


@pytest.mark.parametrize("place", ["grpc_url", "http_url"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_a_theme_replaces_every_page(themed, place, name):
    url = getattr(themed, place)
    own = Client()
    own.sign_in(
        f"{url}/_gatehouse/sign-in?provider=local&rd=%2Fecho%2F", "bob@example.com", password_of("bob@example.com"))
    response = TEMPLATES[name](own, url)
    assert f"<p>Our own {name}</p>" in response.text and 'class="logo"' in response.text, response.text[:500]


@pytest.mark.parametrize("place", ["grpc_url", "http_url"])
def test_a_themes_files_are_served(themed, place):
    answer = Client().get(f"{getattr(themed, place)}/_gatehouse/assets/dots.svg")
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    for name in ("theme.css", "..%2ftheme.css", "templates/signed-out.html", "../gatehouse.yaml"):
        assert Client().get(f"{getattr(themed, place)}/_gatehouse/assets/{name}").status_code in (400, 404)


def test_a_theme_with_mistakes_does_not_start(themed, tmp_path):
    folder = tmp_path / "theme"
    (folder / "templates").mkdir(parents=True)
    (folder / "templates" / "login.html").write_text("<h1>x</h1>\n<script>x</script>\n")
    (folder / "theme.css").write_text("a { }\n@import url(https://evil.example/x.css);\n")
    text = themed.file.read_text().replace("theme: theme", f"theme: {folder}")
    (themed.folder / "bad.yaml").write_text(text)
    result = subprocess.run(
        [paths.GATEHOUSE, "config", "check", str(themed.folder / "bad.yaml")], capture_output=True, text=True, timeout=20,
        env=themed.gatehouse.environment)
    assert result.returncode == 78
    assert f"{folder}/templates/login.html:2:1: it has a script" in result.stderr
    assert f"{folder}/theme.css:2:1: it loads from elsewhere" in result.stderr
