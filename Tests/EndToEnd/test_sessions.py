"""What is kept about whom, and for how long."""
import concurrent.futures
import os
import signal
import socket
import time

from support import raw
from support.client import NAVIGATION, Client
from support.html import Page
from support.stack import COOKIE, password_of


def sign_out(client: Client, gateway: str):
    page = client.get(f"{gateway}/_gatehouse/sign-out")
    assert page.status_code == 200
    return client.submit(Page(page.url, page.text).forms[0])


def test_a_thousand_anonymous_requests_store_nothing(stack):
    before = stack.all_rows()

    def one(number: int) -> int:
        port = stack.ports.grpc_gateway if number % 2 else stack.ports.http_gateway
        kinds = ["text/html", "application/json"]
        return raw.request(port, f"/echo/{number}", [("accept", kinds[number // 2 % 2])]).status

    with stack.nothing_reaches_an_application():
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(one, range(1000)))
    assert set(answers) == {302, 401}
    after = stack.all_rows()
    assert stack.rows("sessions") == before["sessions"]
    assert after == before


def test_programs_get_401_and_json(gateway, client, stack):
    with stack.nothing_reaches_an_application():
        response = client.get(f"{gateway}/echo/", headers={"accept": "application/json"})
        assert response.status_code == 401
        assert response.json()["error"] == "login_required"
        assert response.json()["sign_in"].startswith(f"{gateway}/_gatehouse/sign-in")
        assert response.headers["www-authenticate"]
        assert client.post(f"{gateway}/echo/", data={"x": "y"}).status_code == 401
        assert client.get(f"{gateway}/echo/", headers={"accept": "*/*"}).status_code == 401
        assert client.get(f"{gateway}/echo/", headers=NAVIGATION | {"sec-fetch-mode": "cors"}).status_code == 401


def test_a_websocket_gets_401(gateway, stack):
    with stack.nothing_reaches_an_application():
        response = raw.request(int(gateway.rsplit(":", 1)[1]), "/echo/", [
            ("upgrade", "websocket"), ("sec-websocket-version", "13"), ("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==")])
    assert response.status == 401 or response.status in (400, 403, 426)


def test_a_sign_in_is_one_session(stack):
    before = stack.rows()
    stack.signed_in("bob@example.com")
    assert stack.rows() == before + 1


def test_a_user_without_the_group_gets_403_and_no_redirect(gateway, bob, stack):
    with stack.nothing_reaches_an_application():
        page = bob.get(f"{gateway}/admin/")
        assert page.status_code == 403 and page.headers["content-type"].startswith("text/html")
        program = bob.get(f"{gateway}/admin/", headers={"accept": "application/json"})
        assert program.status_code == 403 and program.headers["content-type"].startswith("application/json")


def test_nobody_is_nobody(gateway, admin, stack):
    with stack.nothing_reaches_an_application():
        assert admin.get(f"{gateway}/closed/x").status_code == 403


def test_groups_open_their_own_places(gateway, admin, bob, stack):
    assert admin.get(f"{gateway}/team-a/").status_code == 200
    assert bob.get(f"{gateway}/team-b/").status_code == 200
    with stack.nothing_reaches_an_application():
        assert admin.get(f"{gateway}/team-b/").status_code == 403
        assert bob.get(f"{gateway}/team-a/").status_code == 403


def test_a_sign_out_holds_at_once_everywhere(gateway, stack):
    client = stack.signed_in("bob@example.com", gateway)
    value = client.cookie(COOKIE)
    for url in stack.gateways:
        assert client.get(f"{url}/echo/").status_code == 200
    before = stack.rows()
    assert sign_out(client, gateway).status_code in (200, 302, 303)
    assert stack.rows() == before - 1
    for url in stack.gateways:
        with stack.nothing_reaches_an_application():
            response = raw.request(
                int(url.rsplit(":", 1)[1]), "/echo/", [("cookie", f"{COOKIE}={value}"), ("accept", "application/json")])
        assert response.status == 401


def test_after_a_sign_out_the_password_is_asked_again(gateway, stack):
    """The provider's own session ends too (RP-initiated logout)."""
    client = stack.signed_in("bob@example.com", gateway)
    client.follow(sign_out(client, gateway))
    response, _ = client.open_login(f"{gateway}/")
    assert 'name="password"' in response.text


def test_looking_at_the_sign_out_page_ends_nothing(gateway, stack):
    client = stack.signed_in("bob@example.com", gateway)
    assert client.get(f"{gateway}/_gatehouse/sign-out").status_code == 200
    assert client.get(f"{gateway}/echo/").status_code == 200


def test_signing_out_without_a_session_is_no_error(gateway):
    client = Client()
    assert client.follow(client.get(f"{gateway}/_gatehouse/sign-out")).status_code == 200


def test_userinfo_says_who_is_signed_in(gateway, bob, client):
    about = bob.get(f"{gateway}/_gatehouse/userinfo", headers={"accept": "application/json"})
    assert about.status_code == 200 and about.json()["email"] == "bob@example.com" and about.json()["groups"] == ["team-b"]
    assert about.headers["cache-control"] == "no-store"
    assert client.get(f"{gateway}/_gatehouse/userinfo", headers={"accept": "application/json"}).status_code == 401


def test_twenty_tabs_at_once_all_get_in(gateway, stack):
    """Every tab starts its own sign-in; all of them end where they wanted to, in any order."""
    client = Client()
    tabs = [client.follow(client.get(f"{gateway}/echo/tab-{number}")) for number in range(20)]
    assert all('name="password"' in tab.text for tab in tabs)
    form = Page(tabs[7].url, tabs[7].text).form_with("login", "password")
    answer = client.follow(client.submit(form, login="bob@example.com", password=password_of("bob@example.com")))
    assert answer.status_code == 200 and answer.json()["path"] == "/echo/tab-7"
    for number in (0, 19):
        form = Page(tabs[number].url, tabs[number].text).form_with("login", "password")
        answer = client.follow(client.submit(form, login="bob@example.com", password=password_of("bob@example.com")))
        assert answer.status_code == 200, f"tab {number}: {answer.status_code} at {answer.url}"


def test_a_restart_keeps_users_signed_in(make_stack):
    stack = make_stack("restart")
    client = stack.signed_in("admin@example.com")
    first = client.get(f"{stack.grpc_url}/echo/").json()["headers"]
    stack.gatehouse.stop()
    with stack.nothing_reaches_an_application():
        assert client.get(f"{stack.grpc_url}/echo/").status_code in (403, 503), "without Gatehouse the gate is closed"
        assert client.get(f"{stack.http_url}/echo/").status_code in (403, 503)
    stack.start_gatehouse()
    for url in stack.gateways:
        stack.gatehouse.wait_until(lambda url=url: client.get(f"{url}/public/").status_code == 200, "answers through Envoy")
        again = client.get(f"{url}/echo/")
        assert again.status_code == 200 and again.json()["headers"]["kubeflow-userid"] == first["kubeflow-userid"]
    stack.stop()


def test_sigterm_finishes_what_is_under_way_and_ends_soon(make_stack):
    stack = make_stack("sigterm")
    client = Client()
    page, form = client.open_login(f"{stack.grpc_url}/echo/")
    body = "&".join(f"{name}={value}" for name, value in (
        form.fields | {"login": "bob%40example.com", "password": password_of("bob@example.com")}).items()).encode()
    target = form.action.split(f":{stack.ports.grpc_gateway}", 1)[1]
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.session.cookies)
    head = (
        f"POST {target} HTTP/1.1\r\nhost: localhost:{stack.ports.grpc_gateway}\r\norigin: {stack.grpc_url}\r\n"
        f"content-type: application/x-www-form-urlencoded\r\ncontent-length: {len(body)}\r\ncookie: {cookies}\r\n"
        "connection: close\r\n\r\n").encode()
    with socket.create_connection(("127.0.0.1", stack.ports.web), 10) as connection:
        connection.sendall(head + body[:10])
        time.sleep(0.3)
        stack.gatehouse.process.terminate()
        time.sleep(0.2)
        connection.sendall(body[10:])
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    assert answer.startswith((b"HTTP/1.1 302", b"HTTP/1.1 303")), answer[:200]
    assert stack.gatehouse.stop() < 5
    assert stack.gatehouse.process.returncode == 0
    stack.stop()


def test_sigterm_with_idle_connections_ends_soon(make_stack):
    stack = make_stack("sigterm-idle")
    idle = [socket.create_connection(("127.0.0.1", port)) for port in (
        stack.ports.web, stack.ports.check_http, stack.ports.check_grpc, stack.ports.admin) for _ in range(3)]
    assert stack.gatehouse.stop() < 5
    assert stack.gatehouse.process.returncode == 0
    for connection in idle:
        connection.close()
    stack.stop()


def test_sighup_is_answered_in_the_log_and_ends_nothing(make_stack):
    stack = make_stack("sighup")
    client = stack.signed_in("bob@example.com")
    before = stack.gatehouse.pid
    os.kill(before, signal.SIGHUP)
    stack.gatehouse.wait_until(lambda: "SIGHUP" in stack.gatehouse.text(), "says what it makes of the signal")
    assert stack.gatehouse.pid == before
    assert client.get(f"{stack.grpc_url}/").status_code == 200
