"""Every page of the demonstration in a real browser, as a visitor, a citizen and the mayor.

Phone and desktop, light and dark: no axe violation, no sideways scrolling, no error, usable by
keyboard alone; then signing in, commenting and publishing without JavaScript.
"""

import json
import os
import pathlib
import re
import subprocess

from support.crawl import crawl
from support.parvis import Parvis, binary
from support.peers import NODE, node_folder
from support.web import Visitor

MAYOR, CITIZEN = "mireille", "citoyenne"
COMMUNE_PAGE_BYTES = 120_000


def run(world, see):
    parvis = Parvis(world, "demo")
    world.start("demo", [binary(), "demo"], env=parvis.env, cwd=parvis.folder)
    world.ready("demo", parvis.port, seconds=180)
    people = accounts(see, world)
    plan = {"base": parvis.base, "out": str(shots()), "signIn": "/connexion", "people": people, "paths": []}
    known = {}
    for who in (None, CITIZEN, MAYOR):
        visitor = Visitor(parvis)
        if who:
            visitor.sign_in(people[who]["email"], people[who]["password"])
        found = crawl(visitor, see, start=("/", "/eze-06") if who is None else ("/",))
        for kind, path in found.items():
            if kind not in known:
                known[kind] = path
                plan["paths"].append(page(path, kind, who))
    plan["paths"].append({"path": "/page-absente-exprès", "name": "absent", "status": 404})
    browser(world, see, "check.mjs", plan)
    see(f"the browser was to look at {len(plan['paths'])} pages", len(plan["paths"]) > 30, list(known))
    browser(world, see, "without_javascript.mjs", {**plan, "commune": "eze-06", "mayor": MAYOR, "citizen": CITIZEN})
    see.equal("no fault in the log", parvis.complaints(), [])


def page(path, kind, who):
    name = kind.strip("/").replace("/", "_").replace("?", "-") or "home"
    entry = {"path": path, "name": f"{who or 'visitor'}-{name}"[:80], "as": who}
    if kind == "/COMMUNE":
        entry["budget"] = COMMUNE_PAGE_BYTES
    return {key: value for key, value in entry.items() if value is not None}


def shots():
    return pathlib.Path(os.environ.get("PARVIS_SHOTS", "/tmp/parvis-shots"))


def accounts(see, world):
    """The demonstration prints its accounts; whoever tries it out must be able to use them."""
    rows = re.findall(r"^ +(\w+) +\w+ +(\S+@\S+) +(\S+) ", world.log("demo"), re.MULTILINE)
    people = {name: {"email": address, "password": password} for name, address, password in rows}
    see("the demonstration prints its accounts", {MAYOR, CITIZEN} <= set(people), world.log("demo"))
    return people


def browser(world, see, script, plan):
    done = subprocess.run(
        [NODE, node_folder(world) / script],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        timeout=3000,
        check=False,
    )
    for line in done.stdout.splitlines():
        result = json.loads(line)
        see(result["sentence"], result["ok"], result.get("detail"))
    see(f"{script} runs to its end", done.returncode == 0, done.stderr[-2000:])
