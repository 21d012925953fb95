"""An event reaches Fedify and bovine, is joined from both, changed and cancelled; its calendar is read by ical.js."""

import json
import subprocess

from support.parvis import Parvis
from support.peers import NODE, Bovine, Fedify, node_folder
from support.web import Visitor
from support.world import TESTS

PASSWORD = "un mot de passe bien long"
TITLE = "Fête de l'Œuvre : on danse l'été"
EVENT = {
    "title": TITLE,
    "description": "Bal sur la place, « entrée libre ».",
    "start": "2027-03-26T18:30",
    "end": "2027-03-26T23:00",
    "category": "vie-locale",
    "capacity": 1,
    "place": {"name": "Place de la Nef", "street": "1, place de la Nef", "latitude": 43.7278, "longitude": 7.3617},
}


def run(world, see):
    parvis = Parvis(world, "mairie-a", "mairie-a.test")
    fedify, bovine = Fedify(world, "fedify.test"), Bovine(world, "bovine.test")
    world.publish({server.host: server.port for server in (parvis, fedify, bovine)})
    parvis.claim()
    parvis.account("alice")
    parvis.set_password("alice", PASSWORD)
    parvis.start()
    fedify.start()
    bovine.start()
    mayor, alice = parvis.api("maire-eze"), parvis.api("alice")
    office = parvis.actor("maire-eze")
    for peer in (fedify, bovine):
        peer.order("follow", to=office)
        see.soon(f"{peer.name} follows and gets Accept", lambda: office in peer.state()["following"])
    event = planned(see, parvis, mayor, (fedify, bovine))
    joined(see, parvis, mayor, alice, office, event, fedify, bovine)
    changed_and_cancelled(see, mayor, event, (fedify, bovine))
    elsewhere(see, parvis, alice, fedify)
    calendar(see, world, parvis, mayor)
    see.equal("no fault in the log", parvis.complaints(), [])


def about(peer, kind, address):
    """The activities of one type about one object that a peer received."""
    for activity in peer.received(kind):
        of = activity.get("object", {})
        if address == (of if isinstance(of, str) else of.get("id")):
            yield of


def planned(see, parvis, mayor, peers):
    event = mayor.post("/api/parvis/v1/communes/06059/events", EVENT)
    for peer in peers:
        see.soon(f"{peer.name} receives the event", lambda: any(about(peer, "Create", event["uri"])))
        got = next(about(peer, "Create", event["uri"]), {})
        text = json.dumps(got, ensure_ascii=False)
        see(f"{peer.name} receives its name with its accents", TITLE.split(" ")[0] in text and "Œuvre" in text, text)
        see(f"{peer.name} receives place and date in words", "vendredi 26" in text and "Place de la Nef" in text, text)
    found = peers[0].order("lookup", uri=event["uri"])
    see("Fedify reads the event by its address", found and found.get("type") == "Event", found)
    page = parvis.get(event["url"], accept="text/html")
    see("the page shows it", page.status == 200 and "Place de la Nef" in page.text, page)
    return event


def joined(see, parvis, mayor, alice, office, event, fedify, bovine):
    one = f"/api/parvis/v1/events/{event['id']}"

    def answered(peer, kind, join):
        return any(
            (of if isinstance(of, str) else (of or {}).get("id")) == join
            for of in (activity.get("object") for activity in peer.received(kind))
        )

    first = fedify.order("join", to=office, object=event["uri"])
    see.soon("Fedify joins and gets Accept", lambda: answered(fedify, "Accept", first["id"]))
    see.equal("the seat is taken", mayor.get(one)["seats_left"], 0)
    second = bovine.order("join", to=office, object=event["uri"])
    see.soon("bovine joins too late and is told", lambda: answered(bovine, "Reject", second["id"]))
    see.equal("a citizen comes third and waits", alice.post(f"{one}/join"), {"state": "waiting", "place": 2})
    fedify.order("leave", to=office, object=event["uri"])
    see.soon("Fedify leaves: bovine gets Accept of the same Join", lambda: answered(bovine, "Accept", second["id"]))
    see.equal("the citizen is first in the queue", alice.get(one)["mine"], "waiting")
    bovine.order("leave", to=office, object=event["uri"])
    see.soon("bovine leaves: the citizen has the seat", lambda: alice.get(one)["mine"] == "accepted")
    told = parvis.ask("SELECT kind FROM notification")
    see("and is told", ("event-seat",) in told, told)
    document = parvis.get(event["uri"], accept="application/activity+json").text
    see("nobody is named outside", "alice" not in document, document)


def changed_and_cancelled(see, mayor, event, peers):
    one = f"/api/parvis/v1/events/{event['id']}"
    mayor.put(one, {**EVENT, "start": "2027-03-26T19:00"})
    for peer in peers:
        see.soon(f"{peer.name} receives the new time", lambda: "19" in str(list(about(peer, "Update", event["uri"]))))
    mayor.post(f"{one}/cancel", {"reason": "Mistral"})
    for peer in peers:
        see.soon(
            f"{peer.name} receives the cancellation",
            lambda: "ANNULÉ" in json.dumps(list(about(peer, "Update", event["uri"])), ensure_ascii=False),
        )
        see(f"{peer.name} is not told to delete it", not any(about(peer, "Delete", event["uri"])))
    see.equal("the mayor deletes it", mayor.call("DELETE", one).status, 204)
    for peer in peers:
        see.soon(f"{peer.name} receives the deletion", lambda: any(about(peer, "Delete", event["uri"])))


def elsewhere(see, parvis, alice, fedify):
    """A citizen comes to an event of Fedify's: asked, accepted, taken back."""
    person = Visitor(parvis)
    person.sign_in("alice@example.org", PASSWORD)
    event = fedify.order("event", name="Bal du port", joinMode="free")["object"]
    person.open("/ailleurs")
    page = person.submit("adresse", adresse=event)
    see("an event of Fedify's is opened by its address", "Bal du port" in page.text, page)
    here = person.address
    see("who is dark is told how to come", "/compte/donnees" in page.text and "Je participe" not in page.text, page)
    person.open("/compte/donnees")
    person.submit("visibilite", federated="on")
    person.open(here)
    person.submit("coming", coming="1")
    see.soon("Fedify receives the Join", lambda: fedify.received("Join"))
    join = fedify.received("Join")[-1]
    see.equal("of its event", join["object"], event)
    see("she sees that nobody has answered", "pas encore de réponse" in person.open(here).text)
    fedify.order("answer", join=join["id"], accepts=True)
    see.soon("Fedify accepts: she comes", lambda: "Vous participez" in person.open(here).text)
    fedify.order("answer", join=join["id"], accepts=False)
    see.soon("Fedify changes its mind: she is told", lambda: "a refusé votre inscription" in person.open(here).text)
    one = f"/api/parvis/v1/events/{here.rsplit('/', 1)[1]}"
    see.equal("she asks again, by program", alice.post(f"{one}/join"), {"state": "asked"})
    see.soon("Fedify receives another Join", lambda: len({join["id"] for join in fedify.received("Join")}) == 2)
    person.open(here)
    person.submit("coming", coming="0")
    see.soon("Fedify receives the Leave", lambda: any(leave["object"] == event for leave in fedify.received("Leave")))
    see("she does not come any more", "Je participe" in person.open(here).text)


def calendar(see, world, parvis, mayor):
    """ical.js, which is nobody's of ours, sees the dates that we mean."""
    path = "/api/parvis/v1/communes/06059/events"
    mayor.post(path, {**EVENT, "title": "Permanence, « mairie »; annexe", "start": "2027-03-12T18:00",
                      "end": "2027-03-12T19:00", "rrule": "FREQ=WEEKLY;UNTIL=20270409T215959Z"})  # fmt: skip
    mayor.post(path, {"title": "Exposition", "start": "2027-03-20", "end": "2027-03-22", "all_day": True})
    items = mayor.get(f"{path}?from=2027-03-01&to=2027-05-01")["items"]
    weekly = [item for item in items if item["title"].startswith("Permanence")]
    mayor.post(f"/api/parvis/v1/events/{weekly[1]['id']}/cancel", {"reason": "Grève"})
    answer = parvis.get("/eze-06/agenda.ics")
    see.equal("the feed is a calendar", answer.headers["content-type"], "text/calendar; charset=utf-8")
    file = world.folder / "agenda.ics"
    file.write_bytes(answer.body)
    node_folder(world)
    script = world.folder / "node/read.mjs"
    script.write_bytes((TESTS / "peers/ical/read.mjs").read_bytes())
    done = subprocess.run([NODE, script, file, "2027-01-01", "2027-12-31"], capture_output=True, text=True, check=False)
    see.equal("ical.js reads it", done.returncode, 0)
    if done.returncode:
        print(done.stderr)
        return
    read = json.loads(done.stdout)
    see.equal("it names its zone", read["zones"], ["Europe/Paris"])
    events = {event["summary"]: event for event in read["events"]}
    series = events.get("Permanence, « mairie »; annexe", {})
    see.equal(
        "18:00 stays 18:00 over the change of clocks",
        [date["start"] for date in series.get("dates", [])],
        ["2027-03-12T17:00:00.000Z", "2027-03-19T17:00:00.000Z", "2027-03-26T17:00:00.000Z",
         "2027-04-02T16:00:00.000Z", "2027-04-09T16:00:00.000Z"],
    )  # fmt: skip
    see.equal(
        "one date is cancelled and the others are not",
        [date["status"] for date in series.get("dates", [])],
        ["CONFIRMED", "CANCELLED", "CONFIRMED", "CONFIRMED", "CONFIRMED"],
    )
    shown = events.get("Exposition", {}).get("dates", [{}])[0]
    see.equal("whole days are days", (shown.get("start"), shown.get("end")), ("2027-03-20", "2027-03-23"))
    see("what was deleted is not in it", not any(TITLE in name for name in events), list(events))
