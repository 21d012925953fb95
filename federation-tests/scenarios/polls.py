"""A public opinion is answered from Fedify and bovine, counted once each, and its totals come at the end only."""

import contextlib
import json
import sqlite3

from support.parvis import Parvis
from support.peers import Bovine, Fedify


def run(world, see):
    parvis = Parvis(world, "mairie-a", "mairie-a.test")
    fedify, bovine = Fedify(world, "fedify.test"), Bovine(world, "bovine.test")
    world.publish({server.host: server.port for server in (parvis, fedify, bovine)})
    parvis.claim()
    citizens = [f"citoyenne{n}" for n in range(4)]
    for name in citizens:
        parvis.account(name)
    parvis.start()
    fedify.start()
    bovine.start()
    mayor = parvis.api("maire-eze")
    office = parvis.actor("maire-eze")
    for peer in (fedify, bovine):
        peer.order("follow", to=office)
        see.soon(f"{peer.name} follows and gets Accept", lambda: office in peer.state()["following"])
    status = mayor.post("/api/v1/statuses", {
        "status": "Un marché le dimanche ?",
        "poll": {"options": ["Oui", "Non", "Sans avis"], "expires_in": 600, "multiple": False},
    })  # fmt: skip
    question = status["uri"]
    for peer in (fedify, bovine):
        see.soon(f"{peer.name} receives the question", lambda: any(about(peer, "Create", question)))
        got = json.dumps(next(about(peer, "Create", question), {}), ensure_ascii=False)
        see(f"{peer.name} receives its choices", "Sans avis" in got, got)
    answered(see, parvis, office, question, fedify, bovine, citizens, status["poll"]["id"])
    closed(see, parvis, question, (fedify, bovine))
    see.equal("no fault in the log", parvis.complaints(), [])


def about(peer, kind, address):
    """The activities of one type about one object that a peer received."""
    for activity in peer.received(kind):
        of = activity.get("object", {})
        if address == (of if isinstance(of, str) else of.get("id")):
            yield of


def answered(see, parvis, office, question, fedify, bovine, citizens, poll):
    def voters():
        return parvis.ask("SELECT resident_voters, outside_voters FROM poll_opinion")

    fedify.order("vote", to=office, inReplyTo=question, name="Oui")
    see.soon("Fedify's vote counts", lambda: voters() == [(0, 1)])
    fedify.order("vote", to=office, inReplyTo=question, name="Non")
    bovine.order("vote", to=office, inReplyTo=question, name="Peut-être")
    bovine.order("vote", to=office, inReplyTo=question, name="Non")
    see.soon("bovine's vote counts, what was no choice and what came twice does not", lambda: voters() == [(0, 2)])
    for name in citizens:
        parvis.api(name).post(f"/api/v1/polls/{poll}/votes", {"choices": [0]})
    see.equal("residents are counted apart", voters(), [(4, 2)])
    seen = parvis.get(question, accept="application/activity+json").json
    totals = [choice["replies"]["totalItems"] for choice in seen["oneOf"]]
    see.equal("nobody is told a number before the end", (totals, seen["votersCount"], "closed" in seen), ([0, 0, 0], 0, False))
    bodies = parvis.ask("SELECT body FROM federation_received WHERE kind = 'Create' AND body IS NOT NULL")
    see.equal("no vote is kept as it was sent", bodies, [])


def closed(see, parvis, question, peers):
    parvis.stop()
    # Peers refuse letters of tomorrow, so the end is moved and not the clock.
    with contextlib.closing(sqlite3.connect(parvis.database.removeprefix("sqlite://"))) as database, database:
        database.execute("UPDATE poll_opinion SET closes_at = opened_at + 1000")
        database.execute("UPDATE task SET run_at = 0 WHERE name = 'polls.close_opinion'")
    parvis.start()
    for peer in peers:
        see.soon(f"{peer.name} receives the totals", lambda: any(about(peer, "Update", question)))
        got = next(about(peer, "Update", question), {})
        if isinstance(got, dict) and "oneOf" in got:
            see(f"{peer.name} is not told that it was edited", "updated" not in got, got)
            see(f"{peer.name} is told that it is closed", "closed" in got, got)
    seen = parvis.get(question, accept="application/activity+json").json
    totals = [choice["replies"]["totalItems"] for choice in seen["oneOf"]]
    see.equal("the totals are there", (totals, seen["votersCount"], "closed" in seen), ([5, 1, 0], 6, True))
    see.equal("who answered is forgotten", parvis.ask("SELECT COUNT(*) FROM poll_opinion_voter"), [(0,)])
