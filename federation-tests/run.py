#!/usr/bin/env python3
"""Runs the scenarios against a built `parvis` and real peers.

    run.py [SCENARIO...]        all of them without a name; PARVIS_BIN says which binary

One line per assertion; the closing line is `N passed, N failed`.
"""

import fcntl
import importlib
import pathlib
import sys

sys.dont_write_bytecode = True

from support.checks import Checks
from support.world import INSTALLED, World

ORDER = [
    "peers_alone",
    "signer_alone",
    "signatures",
    "with_peers",
    "dialects",
    "two_servers",
    "agenda",
    "groups",
    "messages",
    "polls",
    "lost_box_key",
    "api_clients",
    "openapi",
    "hostile_origins",
    "hostile_bodies",
    "hostile_network",
    "hostile_time",
    "hostile_keys",
    "hostile_web",
    "crash_delivery",
    "crash_inbox",
    "two_processes",
    "backup",
    "registration",
    "pages",
]


def main(wanted):
    see = Checks()
    # The names and the address of the proxy belong to one run at a time.
    with open(INSTALLED / "run.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in wanted or ORDER:
            scenario = importlib.import_module(f"scenarios.{name}")
            see.heading(f"{name}: {scenario.__doc__.split(chr(10))[0]}")
            with World(name) as world:
                see.guard(scenario.run, world, see)
    return see.close()


if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    sys.exit(main(sys.argv[1:]))
