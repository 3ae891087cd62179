"""A cluster whose gateway is up before Gatehouse and before the issuers whose keys somebody needs: closed, and then open by itself."""
import re

import pytest

from istio.door import NAVIGATION, PROGRAM
from istio.place import ALICE, IstioPlace
from support.sso import eventually
from support.stack import COOKIE


@pytest.fixture(params=["header", "token"])
def place(request, artifacts):
    """Only the gateway and the applications."""
    found = IstioPlace(artifacts / "logs" / re.sub(r"\W+", "-", request.node.name), request.param)
    try:
        found.write()
        found.start_envoy()
        yield found
    finally:
        found.kill()


def test_a_gateway_that_is_up_first_is_closed_and_opens_by_itself(place):
    for door in place.doors:
        with place.nothing_reaches_an_application():
            assert door.ask("/pipeline/").status == door.ask("/", NAVIGATION).status == 503
    place.start_gatehouse()
    door = place.doors[0]
    eventually(lambda: door.ask("/", NAVIGATION).status == 302, "sign-in", 30)
    if place.mode == "token":
        # What istiod has put in place of the keys that it could not fetch verifies nothing; it tries again, and pushes them.
        with place.nothing_reaches_an_application():
            client = place.may_sign_in(ALICE)
            assert client.get(f"{door.url}/").status_code == 401
        place.push()
    else:
        client = place.signed_in(ALICE, door.url)
    cookie = ("cookie", f"{COOKIE}={client.cookie(COOKIE)}")
    eventually(lambda: door.ask("/pipeline/", [PROGRAM, cookie]).status == 200, "open door", 30)
    assert place.applications.pipelines.seen[-1].user == [ALICE]


@pytest.mark.parametrize("place", ["token"], indirect=True)
def test_an_issuer_that_is_up_last_is_asked_again(place):
    """The service accounts' issuer, whose keys Gatehouse needs."""
    place.accounts.is_down = True
    place.start_gatehouse()
    place.push()
    door, bearer = place.doors[0], ("authorization", f"Bearer {place.account_token()}")
    with place.nothing_reaches_an_application():
        eventually(lambda: door.ask("/", NAVIGATION).status == 302, "sign-in", 30)
        assert door.ask("/pipeline/", [PROGRAM, bearer]).status in (401, 503)
    place.accounts.is_down = False
    eventually(lambda: door.ask("/pipeline/", [PROGRAM, bearer]).status == 200, "keys", 60)
    assert place.applications.pipelines.seen[-1].user == ["system:serviceaccount:alice:robot"]
