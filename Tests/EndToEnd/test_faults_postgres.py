"""Two replicas on one Postgres, 200 people who are signed in, and everything that can fail (A9, J, N): see docs/reliability.md."""
import pytest

from faults.figures import count
from faults.site import POSTGRES, Site
from faults.table import faults_of


@pytest.fixture(scope="module")
def site(make_stack, artifacts):
    site = Site(POSTGRES, artifacts / "logs" / "postgres-of-faults", make_stack)
    yield site
    site.end()


@pytest.mark.parametrize("fault", faults_of(POSTGRES), ids=lambda fault: fault.name)
def test_nobody_is_let_in_lost_or_taken_for_another(site, fault):
    figures = count(site, fault)
    assert figures.complaints(fault) == [], figures
