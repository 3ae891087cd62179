"""Two replicas on one Redis, 200 people who are signed in, and everything that can fail (A9, J, N): see docs/reliability.md."""
import pytest

from faults.figures import count
from faults.site import REDIS, SENTINEL, Site
from faults.table import faults_of


@pytest.fixture(scope="module")
def site(make_stack, artifacts):
    site = Site(REDIS, artifacts / "logs" / "redis-of-faults", make_stack)
    yield site
    site.end()


@pytest.fixture
def watched(make_stack, artifacts):
    site = Site(SENTINEL, artifacts / "logs" / "watched-redis-of-faults", make_stack)
    yield site
    site.end()


@pytest.mark.parametrize("fault", faults_of(REDIS), ids=lambda fault: fault.name)
def test_nobody_is_let_in_lost_or_taken_for_another(site, fault):
    figures = count(site, fault)
    assert figures.complaints(fault) == [], figures


@pytest.mark.parametrize("fault", faults_of(SENTINEL), ids=lambda fault: fault.name)
def test_the_same_behind_a_sentinel(watched, fault):
    figures = count(watched, fault)
    assert figures.complaints(fault) == [], figures
