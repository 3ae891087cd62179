"""What is counted in a fault."""
import dataclasses
import time

from faults.crowd import Coming
from faults.load import Load
from faults.look import look
from faults.site import Site
from faults.table import Fault

BEFORE, AFTER = 0.7, 2.2
# Seconds within which all is as before.
RECOVERY = 2.0


@dataclasses.dataclass
class Figures:
    requests: int
    not_served: int
    """Questions of people who are signed in, whose session is there, and who were not let in."""
    wrongly_allowed: list[str]
    """Whom, or which session."""
    confirmed: int
    """Sessions that were to be there in the end: those of before, and of those who came meanwhile."""
    lost: int
    signed_out: int
    """People who were answered as if they were not signed in, although their session is there."""
    mixed_up: int
    recovery: float
    """Seconds from the end of the fault to the last question, or sign-in, that came to nothing."""
    came: int
    left: int
    came_to_nothing: int
    """Sign-ins, as `came` are and `left` the sign-outs that were confirmed."""
    slowest: float
    """Seconds that one of them took."""

    def complaints(self, fault: Fault) -> list[str]:
        """What is not as it must be."""
        checks = {
            "somebody was wrongly allowed": self.wrongly_allowed,
            "somebody was signed out by mistake": self.signed_out,
            "somebody was taken for another": self.mixed_up,
            "confirmed sessions are lost": self.lost and not fault.loses_all,
            "nothing is lost, although everything was thrown away": fault.loses_all and self.lost < self.confirmed - self.came,
            f"it took {RECOVERY:g} s or more to recover": self.recovery >= RECOVERY,
            f"more than {fault.most_refused} questions were refused":
                fault.most_refused is not None and self.not_served > fault.most_refused,
            "nobody came, or nobody left": not self.came or not self.left,
            "nobody has felt it":
                not fault.may_go_unfelt and not (self.not_served or self.came_to_nothing or self.lost or self.slowest > 0.5),
        }
        return [text for text, is_so in checks.items() if is_so]


def count(site: Site, fault: Fault) -> Figures:
    """Has it happen, under load."""
    with Load(site.crowd) as load, Coming(site.crowd) as coming:
        time.sleep(BEFORE)
        back = fault.act(site)
        time.sleep(AFTER)
    found = look(site)
    confirmed = len(site.crowd.known)
    for cookie in found.lost:
        del site.crowd.known[cookie]
    there = set(site.crowd.known.values())
    refused = [moment for moment, email in load.refused if email in there]
    return Figures(
        requests=load.statuses.total(), not_served=len(refused),
        wrongly_allowed=load.wrongly_allowed + ["a session that had ended" for _ in found.still_in], confirmed=confirmed, lost=len(found.lost),
        signed_out=len(there & set(load.turned_away)), mixed_up=len(load.mixed_up) + len(found.mixed_up),
        recovery=max([back, *refused, *coming.refused]) - back,
        came=len(coming.came), left=len(coming.left), came_to_nothing=len(coming.refused), slowest=coming.slowest)
