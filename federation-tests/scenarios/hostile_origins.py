"""Wrong origins, foreign objects, and deeds done in another's name."""

from support.actors import PUBLIC, Actor, now
from support.siege import Siege

ANY = [202, *range(400, 500)]


def run(world, see):
    world.names({"paul.test": "127.44.250.1"})
    siege = Siege(world, see)
    foreign_objects(siege)
    passed_on(siege)
    another_actor(siege)
    forged_answers(siege)
    one_object_many_spellings(siege)
    siege.ends()


def foreign_objects(siege):
    paul, sally, mallory, post = siege.paul, siege.sally, siege.mallory, siege.post["uri"]

    def create(note, **more):
        return lambda: mallory.post(siege.inbox, {**mallory.create(note), **more})

    def note(**more):
        return {**siege.reply(mallory, "Faux"), **more}

    siege.attack("an object with an id of another host", create(note(id=f"{paul.host.base}/notes/none")), ANY)
    siege.attack("an object with an id of ours", create(note(id=post)), ANY)
    siege.attack("an object attributed to an actor of another host", create(note(attributedTo=paul.id)), ANY)
    siege.attack(
        "an object attributed to another actor of the same host",
        lambda: sally.post(siege.inbox, sally.create({**siege.reply(sally, "Faux"), "attributedTo": paul.id})),
        ANY,
    )
    siege.attack("an object attributed to one of ours", create(note(attributedTo=siege.office)), ANY)
    siege.attack("an activity with an id of another host", create(note(), id=f"{paul.host.base}/activities/x"), ANY)
    siege.attack("an activity with an id of ours", create(note(), id=post + "/activity"), ANY)
    neighbour = siege.net.host(mallory.host.address)
    siege.attack("an object of the same address and another port", create(note(id=f"{neighbour.base}/notes/1")), ANY)
    siege.attack("an object without an id", create({k: v for k, v in note().items() if k != "id"}), ANY)
    other = siege.reply(paul, "De Paul, par Mallory")
    liar = f"{mallory.host.base}/notes/liar"
    mallory.host.routes["/notes/liar"] = other
    siege.attack(
        "an object by address whose document names another host",
        lambda: mallory.post(siege.inbox, mallory.activity("Create", liar)),
        ANY,
    )


def passed_on(siege):
    """What somebody says that somebody else said: only that one's own server is believed."""
    paul, mallory, post = siege.paul, siege.mallory, siege.post["uri"]
    true = siege.reply(paul, "Écrit par Paul")
    false = {**true, "content": "<p>Prêté à Paul</p>"}
    create = paul.create(false)
    linked = {"type": "RsaSignature2017", "creator": paul.key_id, "created": now(), "signatureValue": "QUJD"}
    proof = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "verificationMethod": paul.key_id,
             "proofPurpose": "assertionMethod", "created": now(), "proofValue": "z3"}  # fmt: skip
    for sentence, activity in (
        ("with a linked-data signature", {**create, "signature": linked}),
        ("with an object proof", {**create, "proof": proof}),
        ("with neither", create),
        ("about his account", paul.activity("Update", {**paul.document, "name": "Volé"})),
        ("that he leaves", paul.activity("Delete", paul.id)),
    ):
        siege.attack(f"an activity of Paul {sentence}, sent by another", lambda: mallory.post(siege.inbox, activity), (401, 202))
    siege.attack(
        "an Announce of a like by Paul",
        lambda: mallory.post(siege.inbox, mallory.activity("Announce", paul.activity("Like", post))),
        ANY,
    )

    def announced(sentence, thing):
        siege.attack(f"an Announce of {sentence}", lambda: mallory.post(siege.inbox, mallory.activity("Announce", thing)), ANY)

    nowhere = {**true, "id": f"{paul.host.base}/notes/nowhere"}
    announced("a note of Paul that does not exist", paul.create(nowhere))
    lie = {**true, "id": f"{mallory.host.base}/notes/lie"}
    mallory.host.routes["/notes/lie"] = lie
    announced("a note whose own server gives it to Paul", mallory.create(lie))
    announced("the same, not wrapped", lie)
    other = {**siege.reply(mallory, "x"), "id": f"{mallory.host.base}/notes/other"}
    mallory.host.routes["/notes/other"] = {**other, "id": true["id"]}
    announced("a note whose document has another's id", mallory.create(other))
    away = siege.reply(mallory, "Sans rapport")
    away.pop("inReplyTo")
    announced("a note that does not say there what it answers", mallory.create({**away, "inReplyTo": post}))
    private = siege.reply(mallory, "Pour peu", to=[siege.office], cc=[])
    announced("a private note", {**mallory.activity("Create", private), "to": [PUBLIC]})
    vote = siege.reply(mallory, "x", name="Oui")
    vote.pop("content")
    announced("a vote", mallory.create(vote))
    announced("a comment of ours that is none", {**mallory.create(true), "object": {**true, "id": post + "0"}})
    mallory.post(siege.inbox, mallory.activity("Announce", create))
    siege.shows("what is announced is shown as its own server says it", "Écrit par Paul")
    siege.see("     and not as the one who announced it says", not siege.shown("Prêté à Paul"))
    siege.see.equal("     as Paul's", siege.shown("Écrit par Paul")["account"]["username"], "paul")
    announced("an edit that its server does not know", paul.activity("Update", {**false, "updated": now(60)}))
    announced("a deletion that its server does not confirm", paul.activity("Delete", true["id"]))
    announced("the end of Paul", paul.activity("Delete", paul.id))
    announced("the undoing of his follow", paul.activity("Undo", {"type": "Follow", "actor": paul.id, "object": siege.office}))
    siege.see("Paul's comment stands", siege.shown("Écrit par Paul"))


def another_actor(siege):
    paul, sally, mallory = siege.paul, siege.sally, siege.mallory
    note = siege.reply(paul, "Vrai commentaire")
    paul.post(siege.inbox, paul.create(note))
    siege.shows("a good comment is shown", "Vrai commentaire")
    like = paul.activity("Like", siege.post["uri"])
    paul.post(siege.inbox, like)
    siege.see.soon("a good like counts", lambda: siege.counts()["favourites_count"] == 1)
    changed = {**note, "content": "<p>Changé</p>", "updated": "2099-01-01T00:00:00Z"}
    for who, where in ((sally, "of the same host"), (mallory, "of another host")):
        for kind, thing in (
            ("Update", changed),
            ("Delete", note["id"]),
            ("Delete", {"id": note["id"], "type": "Tombstone"}),
            ("Undo", like),
            ("Undo", like["id"]),
            ("Delete", paul.id),
            ("Update", {**paul.document, "name": "Volé", "inbox": f"{who.id}/inbox"}),
            ("Move", paul.id),
        ):
            siege.attack(
                f"{kind} of {thing if isinstance(thing, str) else thing['type']} by another actor {where}",
                lambda: who.post(
                    siege.inbox, who.activity(kind, thing, **({"target": who.id} if kind == "Move" else {}))
                ),
                ANY,
            )
    siege.see("the comment is as it was", siege.shown("Vrai commentaire"))
    siege.see("its author is as he was", siege.shown("Vrai commentaire")["account"]["display_name"] == "Paul")


def forged_answers(siege):
    paul, mallory = siege.paul, siege.mallory
    victim = Actor(siege.net.host(), "victime")
    found = siege.mayor.resolve(victim.id)["accounts"][0]
    siege.mayor.post(f"/api/v1/accounts/{found['id']}/follow")
    siege.see.soon("the mayor asks to follow somebody", lambda: victim.host.deliveries())
    follow = victim.host.deliveries()[0].json

    def following():
        return siege.mayor.get(f"/api/v1/accounts/relationships?id[]={found['id']}")[0]["following"]

    siege.attack(
        "an Accept by somebody else", lambda: mallory.post(siege.inbox, mallory.activity("Accept", follow)), ANY
    )
    siege.attack(
        "an Accept by its id alone", lambda: mallory.post(siege.inbox, mallory.activity("Accept", follow["id"])), ANY
    )
    siege.attack(
        "an Accept of a follow that nobody asked",
        lambda: paul.post(
            siege.inbox, paul.activity("Accept", {"type": "Follow", "actor": siege.office, "object": paul.id})
        ),
        ANY,
    )
    siege.see("none of these made us follow", not following())
    victim.post(siege.inbox, victim.activity("Accept", follow))
    siege.see.soon("the true Accept does", following)
    siege.attack(
        "a Reject by somebody else", lambda: mallory.post(siege.inbox, mallory.activity("Reject", follow)), ANY
    )
    siege.see("and we still follow", following())


def one_object_many_spellings(siege):
    host = siege.net.host("127.44.250.1")
    host.base = f"http://paul.test:{host.port}"
    host.address = "paul.test"
    named = siege.known(Actor(host, "pierre"))
    note = siege.reply(named, "Une seule fois")
    named.post(siege.inbox, named.create(note))
    siege.shows("a comment from a named host is shown", "Une seule fois")
    port = f":{host.port}"
    for spelling in (
        note["id"].replace("http://paul.test", "HTTP://paul.test"),
        note["id"].replace("paul.test", "PAUL.test"),
        note["id"].replace("/notes/", "/./notes/"),
        note["id"].replace("/notes/", "/x/../notes/"),
        note["id"].replace("/notes/", "/n%6ftes/"),
        note["id"] + "#",
        note["id"].replace("http://", "http://me@"),
        note["id"].replace("http://", "http://@"),
        note["id"].replace("paul.test", "paul.test."),
        note["id"].replace("paul.test", "p%61ul.test"),
        note["id"].replace("paul.test", "ｐａｕｌ.test"),
        note["id"].replace("paul.test", "pau\u00adl.test"),
        note["id"].replace("paul.test", "paul。test"),
        note["id"].replace(port, f":0{host.port}"),
        note["id"].replace("http://", "http:///"),
        note["id"].replace("http://", "http:\\\\"),
        note["id"].replace("/notes/", "\\notes\\"),
        note["id"].replace("/notes/", "/x/%2e%2e/notes/"),
        note["id"].replace("/notes/", "/no\ttes/"),
        note["id"] + "#encore",
        note["id"] + "?",
        note["id"] + " ",
    ):
        twin = {**note, "id": spelling}
        siege.attack(f"the same comment spelled {spelling}", lambda: named.post(siege.inbox, named.create(twin)), ANY)
    number = sum("Une seule fois" in reply["content"] for reply in siege.mayor.replies(siege.post["id"]))
    siege.see.equal("it stands there once", number, 1)
