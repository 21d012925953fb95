"""The OpenAPI document against the server: Schemathesis sends to every operation what the document allows and what it
does not, and holds each answer to it."""

import json
import subprocess
from datetime import date, timedelta

from support.parvis import EZE, Parvis
from support.web import Visitor
from support.world import INSTALLED

PASSWORD = "cheval agrafe pile correcte"
DOCUMENT = "/api/parvis/v1/openapi.json"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
TOPICS = "POST /api/parvis/v1/groups/{id}/topics"
# What cannot be guessed: a ballot, what is published at the end, a day that is near.
MUTE = {
    "POST /api/parvis/v1/communes/{code}/events",
    "PUT /api/parvis/v1/events/{id}",
    "POST /api/parvis/v1/polls/{id}/token",
    "POST /api/parvis/v1/polls/{id}/ballots",
    "POST /api/parvis/v1/polls/{id}/results",
    "GET /api/parvis/v1/polls/{id}/ballots",
    "GET /api/parvis/v1/polls/{id}/register",
}
# Each part with tokens of its own: an answer of the brakes (300 deeds of a token in five minutes) shows nothing.
PARTS = ("/v1/communes", r"/events/\{id\}$", r"/events/\{id\}/", "/v1/groups/", "/v1/polls/", "/v1/requests")


def run(world, see):
    parvis = Parvis(world, "mairie")
    parvis.claim()
    parvis.account("citoyenne")
    parvis.set_password("mireille", PASSWORD)
    parvis.start()
    things = furnished(parvis)
    (world.folder / "schemathesis.toml").write_text(written(things))
    document = parvis.get(DOCUMENT).json
    described = {f"{method.upper()} {path}" for path, all in document["paths"].items() for method in all}
    see("the document describes what is to be tried", len(described) > 25, described)
    answers = {}
    for part in PARTS:
        for who in ("maire-eze", "citoyenne"):
            for operation, status in tried(world, see, parvis, part, who):
                answers.setdefault(operation, set()).add(status)
    see.equal("every operation was tried", described - answers.keys(), {f"GET {DOCUMENT}"})
    held = {one for one, statuses in answers.items() if 429 in statuses}
    see("the brakes held nothing but topics, of which nobody opens many", held <= {TOPICS}, held)
    mute = {one for one, statuses in answers.items() if not any(200 <= status < 300 for status in statuses)}
    see("all did what they are for, but a vote that is not over and dates too far away", mute <= MUTE, mute - MUTE)
    see.equal("no fault in the log", parvis.complaints(), [])


def tried(world, see, parvis, part, who):
    """Runs Schemathesis over the paths of this part; gives each operation with the statuses of its answers."""
    report = world.folder / "report.ndjson"
    report.unlink(missing_ok=True)
    done = subprocess.run(
        [INSTALLED / "schemathesis/bin/schemathesis", "--config-file", "schemathesis.toml", "run",
         parvis.base + DOCUMENT, "--include-path-regex", part,
         "--header", f"Authorization: Bearer {parvis.api(who).token}", "--checks", CHECKS, "--seed", "1",
         "--max-examples", "5", "--phases", "coverage,fuzzing", "--generation-database", "none",
         "--continue-on-failure", "--no-color", "--report", "ndjson", "--report-ndjson-path", report],
        capture_output=True, text=True, timeout=120, check=False, cwd=world.folder,
    )  # fmt: skip
    see.equal(f"Schemathesis finds nothing wrong as {who} under {part}", done.returncode, 0)
    if done.returncode:
        print(done.stdout[-6000:], done.stderr[-2000:])
    lines = report.read_text().splitlines() if report.exists() else []
    ended = [json.loads(line).get("ScenarioFinished") for line in lines]
    return [
        (one["recorder"]["label"], sent["response"]["status_code"])
        for one in ended
        if one
        for sent in one["recorder"]["interactions"].values()
        if sent["response"] and one["recorder"]["label"].startswith(sent["request"]["method"] + " ")
    ]


def furnished(parvis):
    """Something of each kind, so that there is something to answer; gives the ids by the paths they fit."""
    office, citizen = parvis.api("maire-eze"), parvis.api("citoyenne")
    mayor = Visitor(parvis)
    mayor.sign_in("mireille@example.org", PASSWORD)
    mayor.open("/eze-06/groupes/nouveau")
    mayor.submit(
        "scope", scope="public", name="Les sentiers", about="On parle des chemins.", opening="members", approval=None
    )
    group = citizen.get(f"/api/parvis/v1/communes/{EZE}/groups")["items"][0]["id"]
    topic = citizen.post(f"/api/parvis/v1/groups/{group}/topics", {"title": "Un banc", "text": "Il est cassé."})["id"]
    mayor.open("/eze-06/sondages/nouveau")
    end = (date.today() + timedelta(days=7)).isoformat()
    mayor.submit(
        "question", question="Un marché ?", date=end, time="20:00", action="publish", genre="anonyme",
        **{"option-1": "Oui", "option-2": "Non"},
    )  # fmt: skip
    poll = citizen.get(f"/api/parvis/v1/communes/{EZE}/polls")["polls"][0]["id"]
    day = (date.today() + timedelta(days=20)).isoformat()
    event, another = (
        office.post(f"/api/parvis/v1/communes/{EZE}/events", {"title": title, "start": f"{day}T18:30"})["id"]
        for title in ("Fête de la Nef", "Foire")
    )
    request = citizen.post("/api/parvis/v1/requests", {
        "commune": EZE, "subject": "Banc", "text": "Il est cassé.", "name": "Zoé E", "address": "1 rue X",
    })["id"]  # fmt: skip
    return {
        "communes": {"code": EZE},
        "events": {"id": event},
        "groups": {"id": group, "topic": topic},
        "polls": {"id": poll},
        "requests": {"id": request},
        "DELETE": {"id": another},
    }


def written(things):
    """The settings of Schemathesis: which ids stand in the paths."""
    lines = []
    for what, parameters in things.items():
        if what == "DELETE":
            where = 'include-method = "DELETE"'
        else:
            where = f'include-path-regex = "/v1/{what}/"\nexclude-method = "DELETE"'
        values = ", ".join(f'"path.{name}" = {json.dumps(value)}' for name, value in parameters.items())
        lines += ["[[operations]]", where, f"parameters = {{ {values} }}", ""]
    return "\n".join(lines)
