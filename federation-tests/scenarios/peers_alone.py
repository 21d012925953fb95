"""The real peers talk to one another, without us.

Proves the harness, so that a failure in the other scenarios is ours.
"""

from support.peers import Bovine, Fedify, Relay


def run(world, see):
    fedify, strict = Fedify(world, "fedify.test"), Fedify(world, "modern.test")
    bovine, relay = Bovine(world, "bovine.test"), Relay(world, "relay.test")
    peers = [fedify, strict, bovine, relay]
    world.publish({peer.host: peer.port for peer in peers})
    fedify.start()
    strict.start("only-rfc9421")
    bovine.start()
    relay.start()

    found = bovine.order("lookup", uri=f"acct:{fedify.user}@{fedify.host}")
    see.equal("bovine finds the Fedify user by handle", found["id"], fedify.actor)
    found = fedify.order("lookup", uri=f"acct:{bovine.user}@{bovine.host}")
    see.equal("Fedify finds the bovine user, who refuses unsigned requests", found["id"], bovine.actor)

    follow = fedify.order("follow", to=bovine.actor)
    see.soon("bovine gets the follow of Fedify", lambda: bovine.received("Follow"))
    bovine.order("accept", to=fedify.actor, follow=follow["id"])
    see.soon("Fedify gets the accept of bovine", lambda: bovine.actor in fedify.state()["following"])
    bovine.order("follow", to=fedify.actor)
    see.soon("bovine's follow of Fedify is accepted", lambda: fedify.actor in bovine.state()["following"])

    note = fedify.order("note", to=bovine.actor, content="<p>Réunion à la mairie, « œuvre » d'été</p>")
    see.soon("bovine gets a note", lambda: bovine.received("Create"))
    bovine.order("like", to=fedify.actor, object=note["object"])
    see.soon("Fedify gets a like of it", lambda: fedify.received("Like"))

    strict.order("follow", to=fedify.actor)
    see.soon("two Fedify servers follow each other", lambda: fedify.actor in strict.state()["following"])
    schemes = {(x["scheme"], x["status"]) for x in world.exchanges(strict.host, path="inbox")}
    see("the one without draft-cavage takes RFC 9421", ("rfc9421", 202) in schemes, schemes)
    schemes = {(x["scheme"], x["status"]) for x in world.exchanges(bovine.host, "GET")}
    see(
        "bovine refuses Fedify's RFC 9421 and its unsigned requests",
        {("rfc9421", 401), ("cavage", 200)} <= schemes,
        schemes,
    )
    schemes = {x["scheme"] for x in world.exchanges(bovine.host) if x["status"] == 202}
    see.equal("bovine's inbox takes draft-cavage", schemes, {"cavage"})
    see.equal("the relay is up and has no subscriber", relay.subscribers(), [])
