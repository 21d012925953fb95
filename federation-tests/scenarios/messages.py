"""Fedify and bovine write to the mayor in private and are answered; nobody else can have a word of it."""

import json

from support.parvis import Parvis
from support.peers import Bovine, Fedify

SECRET = "hippopotame"


def run(world, see):
    parvis = Parvis(world, "mairie-a", "mairie-a.test")
    fedify, modern = Fedify(world, "fedify.test"), Fedify(world, "modern.test")
    bovine = Bovine(world, "bovine.test")
    world.publish({server.host: server.port for server in (parvis, fedify, modern, bovine)})
    parvis.claim()
    parvis.account("alice")
    parvis.start()
    fedify.start()
    modern.start("only-rfc9421")
    bovine.start()
    mayor, office = parvis.api("maire-eze"), parvis.actor("maire-eze")
    for peer in (fedify, modern, bovine):
        see.guard(exchange, see, parvis, mayor, office, peer, [one for one in (fedify, bovine) if one is not peer])
    local(see, parvis, mayor)
    see("no word of it in the log", SECRET not in parvis.log)
    see.equal("no fault in the log", parvis.complaints(), [])


def talks(api, word):
    found = api.get("/api/v1/conversations")
    return next((talk for talk in found if word in talk["last_status"]["content"]), None)


def answers(peer, word):
    """What a peer received that holds this word: activity and object."""
    for activity in peer.received("Create"):
        about = activity.get("object", {})
        if word in json.dumps(activity, ensure_ascii=False):
            yield activity, about


def exchange(see, parvis, mayor, office, peer, others):
    name = peer.name
    word = f"{SECRET}-{name}"
    peer.order("direct", to=office, content=f"<p>Un {word} sur la place</p>")
    see.soon(f"{name}: its letter is a conversation of the town hall", lambda: talks(mayor, word))
    talk = talks(mayor, word)
    see.equal(f"{name}: as a private status", talk["last_status"]["visibility"], "direct")
    see.equal(f"{name}: with its author", len(talk["accounts"]), 1)
    answer = mayor.post(
        "/api/v1/statuses",
        {"status": f"Merci, {word} noté", "in_reply_to_id": talk["last_status"]["id"], "visibility": "public"},
    )
    see.soon(f"{name}: receives the answer", lambda: any(answers(peer, f"{word} noté")))
    activity, note = next(answers(peer, f"{word} noté"))
    text = json.dumps(activity, ensure_ascii=False)
    see(f"{name}: addressed to it alone", "#Public" not in text and "as:Public" not in text, text)
    see(f"{name}: named in it", peer.actor in text and "Mention" in text, text)
    uri = answer["uri"]
    if not isinstance(peer, Bovine):
        # bovine's own proxy fails on an object that it holds already.
        found = peer.order("lookup", uri=uri) or {}
        see(f"{name}: reads the answer by its address, signed", found.get("id") == uri, found)
    kind = "application/activity+json"
    see.equal(f"{name}: nobody reads it unsigned", parvis.get(uri, accept=kind).status, 404)
    missing = parvis.get(f"https://{parvis.host}/ap/messages/1", accept=kind)
    see.equal(f"{name}: the same answer as for nothing", len(parvis.get(uri, accept=kind).text), len(missing.text))
    for other in others:
        found = other.order("lookup", uri=uri) or {}
        # For a 404 Fedify has nothing, and bovine a Tombstone of its own making.
        see(f"{name}: {other.name} cannot read it", found.get("type") != "Note" and word not in str(found), found)
    outbox = parvis.get(office + "/outbox?page=true", accept=kind).text
    see(f"{name}: it is in no outbox", word not in outbox, outbox)
    peer.order("direct", to=office, inReplyTo=uri, content=f"<p>À bientôt, {word} encore</p>")
    see.soon(f"{name}: its answer joins the conversation", lambda: talks(mayor, f"{word} encore"))
    see.equal(f"{name}: the same conversation", talks(mayor, f"{word} encore")["id"], talk["id"])
    see(f"{name}: no page shows it", SECRET not in parvis.get("/eze-06", accept="text/html").text)


def local(see, parvis, mayor):
    """Between people of this server nothing leaves, by program too."""
    alice = parvis.api("alice")
    letter = alice.post("/api/v1/statuses", {"status": "@maire-eze Bonjour, ici Alice", "visibility": "direct"})
    see.equal("a citizen's program writes to the mayor", letter["visibility"], "direct")
    see.soon("the town hall has it", lambda: talks(mayor, "ici Alice"))
    said = parvis.ask("SELECT COUNT(*) FROM federation_activity WHERE body LIKE '%ici Alice%'")
    see.equal("nothing of it is said to other servers", [int(row[0]) for row in said], [0])
    requests = alice.post(
        "/api/parvis/v1/requests",
        {"commune": "06059", "subject": "Place", "text": "Une fête", "name": "Alice E", "address": "1 rue X"},
    )
    see("a formal request has its number", requests["reference"].startswith("EZE-"), requests)
