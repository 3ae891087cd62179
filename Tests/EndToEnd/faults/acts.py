"""What is done. Every act returns the moment (monotonic) at which what failed was there again."""
import time

from faults.site import Site
from support.ports import answers

AWAY, SILENT, CLOCK = 2.0, 5.0, 3600


def kill_the_store(site: Site) -> float:
    site.store.kill()
    time.sleep(AWAY)
    site.store.start()
    return time.monotonic()


def stop_the_store_for_a_while(site: Site) -> float:
    site.store.pause()
    try:
        time.sleep(SILENT)
    finally:
        site.store.go_on()
    return time.monotonic()


def cut_the_network(site: Site) -> float:
    site.network.cut()
    try:
        time.sleep(SILENT)
    finally:
        site.network.mend()
    return time.monotonic()


def slow_the_network(site: Site) -> float:
    site.network.delay = 0.5
    try:
        time.sleep(SILENT)
    finally:
        site.network.delay = 0
    return time.monotonic()


def fill_the_disk(site: Site) -> float:
    site.store.fill_disk()
    try:
        time.sleep(AWAY + 1)
    finally:
        site.store.disk.make_room(site.store.processes() if site.store.is_running else [])
    # A database that could not write may have ended by itself: whoever makes room starts it again.
    if not site.store.is_running:
        site.store.start()
    return time.monotonic()


def let_it_only_read(site: Site) -> float:
    with site.store.only_reads():
        time.sleep(AWAY + 1)
    return time.monotonic()


def fail_over(site: Site) -> float:
    site.store.fail_over()
    return time.monotonic()


def kill_a_replica(site: Site) -> float:
    """Envoy may well ask the one that is left each time, so that nobody feels it: that it was away is seen here."""
    replica = site.stack.other
    replica.program.kill()
    assert not any(map(answers, replica.ports.values()))
    time.sleep(AWAY)
    replica.start()
    return time.monotonic()


def stop_all_replicas(site: Site) -> float:
    for program in site.programs:
        program.stop()
    site.stack.start_gatehouse()
    return time.monotonic()


def empty_the_store(site: Site) -> float:
    site.store.empty()
    return time.monotonic()


def move_a_clock(site: Site, seconds: int) -> float:
    site.clock.move(seconds)
    try:
        time.sleep(AWAY + 1)
    finally:
        site.clock.move(0)
    return time.monotonic()
