"""Every page of the demonstration in a real browser, as a visitor, a citizen and the mayor.

Phone and desktop, light and dark: no axe violation, no sideways scrolling, no error, usable by
keyboard alone; then signing in, commenting and publishing without JavaScript.
"""

import json
import os
import pathlib
import subprocess

from support.crawl import crawl
from support.parvis import Parvis, binary
from support.peers import NODE, node_folder
from support.web import Visitor

PASSWORD = "cheval agrafe pile correcte"
PEOPLE = {"citoyenne": "citoyenne", "maire": "maire"}
COMMUNE_PAGE_BYTES = 120_000


def run(world, see):
    parvis = Parvis(world, "demo")
    world.start("demo", [binary(), "demo"], env=parvis.env, cwd=parvis.folder)
    world.ready("demo", parvis.port, seconds=180)
    people = accounts(see, parvis)
    plan = {"base": parvis.base, "out": str(shots()), "signIn": "/connexion", "people": people, "paths": []}
    known = {}
    for who in (None, *people):
        visitor = Visitor(parvis)
        if who:
            visitor.sign_in(people[who]["email"], people[who]["password"])
        found = crawl(visitor, see, start=("/", "/eze-06", "/page-absente-exprès") if who is None else ("/",))
        for kind, path in found.items():
            if kind not in known:
                known[kind] = path
                plan["paths"].append(page(path, kind, who))
    plan["paths"].append({"path": "/rien-ici", "name": "absent", "status": 404})
    look(world, see, plan)
    see.equal("no fault in the log", parvis.complaints(), [])


def page(path, kind, who):
    name = kind.strip("/").replace("/", "_").replace("?", "-") or "home"
    entry = {"path": path, "name": f"{who or 'visitor'}-{name}"[:80], "as": who}
    if kind == "/COMMUNE":
        entry["budget"] = COMMUNE_PAGE_BYTES
    return {key: value for key, value in entry.items() if value is not None}


def shots():
    return pathlib.Path(os.environ.get("PARVIS_SHOTS", "/tmp/parvis-shots"))


def accounts(see, parvis):
    """The demonstration prints its accounts; whoever tries it out must be able to use them."""
    raise NotImplementedError


def look(world, see, plan):
    done = subprocess.run(
        [NODE, node_folder(world) / "check.mjs"],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        timeout=3000,
        check=False,
    )
    for line in done.stdout.splitlines():
        result = json.loads(line)
        see(result["sentence"], result["ok"], result.get("detail"))
    see(f"the browser looked at {len(plan['paths'])} pages", done.returncode == 0, done.stderr[-2000:])
