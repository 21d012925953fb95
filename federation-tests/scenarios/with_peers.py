"""A mayor's post reaches Fedify, bovine and a relay, and comes back as conversation."""

from support.parvis import Parvis
from support.peers import Bovine, Fedify, Relay
from support.pictures import png

TEXT = "Réunion publique à l'Œuvre : « Où va l'été ? »"
ALT = "La façade de la mairie d'Èze, fleurie"


def run(world, see):
    parvis = Parvis(world, "mairie-a", "mairie-a.test")
    fedify, modern = Fedify(world, "fedify.test"), Fedify(world, "modern.test")
    bovine, relay = Bovine(world, "bovine.test"), Relay(world, "relay.test")
    world.publish({server.host: server.port for server in (parvis, fedify, modern, bovine, relay)})
    parvis.claim()
    parvis.start()
    fedify.start()
    modern.start("only-rfc9421")
    bovine.start()
    relay.start()
    mayor = parvis.api("maire-eze")
    office = found_by_handle(see, parvis, [fedify, modern, bovine])
    followed(see, mayor, office, [fedify, modern, bovine])
    post = published(see, mayor, [fedify, modern, bovine])
    for peer, name in ((fedify, "Fedify"), (bovine, "bovine")):
        conversation(see, parvis, mayor, office, post, peer, name)
    edited_and_deleted(see, mayor, post, [fedify, modern, bovine])
    relayed(see, parvis, relay)
    both_schemes(see, world, parvis, bovine, modern)
    see.equal("no fault in the log", parvis.complaints(), [])


def found_by_handle(see, parvis, peers):
    office = parvis.actor("maire-eze")
    for peer in peers:
        found = peer.order("lookup", uri=f"acct:maire-eze@{parvis.host}")
        see.equal(f"{peer.name} finds the mayor by handle", found and found["id"], office)
    return office


def followed(see, mayor, office, peers):
    for peer in peers:
        peer.order("follow", to=office)
        see.soon(f"{peer.name} follows and gets Accept", lambda: office in peer.state()["following"])
    see.equal("the API counts the followers", mayor.me()["followers_count"], len(peers))


def of_post(peer, kind, address):
    """The activities of one type about one object that a peer received."""
    for activity in peer.received(kind):
        about = activity.get("object", {})
        if address == (about if isinstance(about, str) else about.get("id")):
            yield activity, about


def published(see, mayor, peers):
    photo = mayor.upload(png(), ALT)
    post = mayor.publish(TEXT, media_ids=[photo["id"]], language="fr")
    for peer in peers:
        see.soon(f"{peer.name} receives the post", lambda: any(of_post(peer, "Create", post["uri"])))
        received = str(next(of_post(peer, "Create", post["uri"]), ""))
        see(f"{peer.name} receives its accents", "Œuvre" in received and "été" in received, received)
        see(f"{peer.name} receives the photo's alternative text", "fleurie" in received, received)
    return post


def conversation(see, parvis, mayor, office, post, peer, name):
    page = post["url"]
    like = peer.order("like", to=office, object=post["uri"])
    boost = peer.order("announce", to=office, object=post["uri"])
    reply = peer.order("note", to=office, inReplyTo=post["uri"], content=f"<p>Merci, dit {name} à Èze</p>")
    see.soon(f"{name}'s like counts in the API", lambda: mayor.status(post["id"])["favourites_count"] == 1)
    see.soon(f"{name}'s boost counts in the API", lambda: mayor.status(post["id"])["reblogs_count"] == 1)
    see.soon(f"{name}'s answer is in the API", lambda: mayor.find_reply(post["id"], f"dit {name}"))
    see.soon(f"{name}'s answer is on the page", lambda: f"dit {name}" in parvis.get(page, accept="text/html").text)
    if name == "Fedify":
        peer.order("edit", to=office, object=reply["object"], content="<p>Merci bien, dit Fedify corrigé</p>")
        see.soon(f"{name}'s edit shows", lambda: mayor.find_reply(post["id"], "corrigé"))
        peer.order("delete", to=office, object=reply["object"])
        see.soon(f"{name}'s deletion shows", lambda: not mayor.find_reply(post["id"], "corrigé"))
    peer.order("undo", to=office, activity=like["id"])
    peer.order("undo", to=office, activity=boost["id"])
    see.soon(f"{name}'s like is undone", lambda: mayor.status(post["id"])["favourites_count"] == 0)
    see.soon(f"{name}'s boost is undone", lambda: mayor.status(post["id"])["reblogs_count"] == 0)


def edited_and_deleted(see, mayor, post, peers):
    mayor.put(f"/api/v1/statuses/{post['id']}", {"status": TEXT + " — salle changée"})
    for peer in peers:
        see.soon(
            f"{peer.name} receives the edit", lambda: "salle changée" in str(list(of_post(peer, "Update", post["uri"])))
        )
    mayor.delete(f"/api/v1/statuses/{post['id']}")
    for peer in peers:
        see.soon(f"{peer.name} receives the deletion", lambda: any(of_post(peer, "Delete", post["uri"])))


def relayed(see, parvis, relay):
    parvis.cli("relay", "add", relay.actor)
    wanted = (parvis.host, True)
    see.soon("the relay accepts the instance", lambda: any((x[0], bool(x[2])) == wanted for x in relay.subscribers()))
    see.soon("the relay's Accept is noted", lambda: "accept" in parvis.cli("relay", "list").lower())
    post = parvis.api("maire-eze").publish("Le marché déménage place de la Nef")
    see.soon(
        "a post goes to the relay",
        lambda: any(x["status"] < 300 for x in relay.world.exchanges(relay.host, path="inbox")) and post,
    )


def both_schemes(see, world, parvis, bovine, modern):
    """Said by the proxy, which is neither of the two servers."""

    def schemes(site, path):
        taken = [x for x in world.exchanges(site, path=path) if x["status"] < 300]
        return {x["scheme"] for x in taken if site == parvis.host or "Parvis" in x["headers"].get("user-agent", "")}

    came, went = schemes(parvis.host, "inbox"), schemes(bovine.host, "/endpoints/")
    see("draft-cavage received and accepted", "cavage" in came, came)
    see("RFC 9421 received and accepted", "rfc9421" in came, came)
    see("draft-cavage sent and accepted", "cavage" in went, went)
    see("RFC 9421 sent and accepted, by a peer that refuses the draft", "rfc9421" in schemes(modern.host, "inbox"))
    gets = {
        x["scheme"]
        for x in world.exchanges(bovine.host, "GET")
        if "Parvis" in x["headers"].get("user-agent", "") and "/endpoints/" in x["uri"]
    }
    see.equal("every GET of ours is signed", gets, {"cavage"})
    print(
        "        both signature schemes ran in both directions:",
        f"in {sorted(came)}, out {sorted(went | schemes(modern.host, 'inbox'))}",
    )
