"""Wrong origins, foreign objects, and deeds done in another's name."""

from support.actors import Actor
from support.siege import Siege

ANY = [202, *range(400, 500)]


def run(world, see):
    world.names({"paul.test": "127.44.250.1"})
    siege = Siege(world, see)
    foreign_objects(siege)
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
    for spelling in (
        note["id"].replace("http://paul.test", "HTTP://paul.test"),
        note["id"].replace("paul.test", "PAUL.test"),
        note["id"].replace("/notes/", "/./notes/"),
        note["id"].replace("/notes/", "/x/../notes/"),
        note["id"].replace("/notes/", "/n%6ftes/"),
        note["id"] + "#",
        note["id"].replace("http://", "http://me@"),
    ):
        twin = {**note, "id": spelling}
        siege.attack(f"the same comment spelled {spelling}", lambda: named.post(siege.inbox, named.create(twin)), ANY)
    number = sum("Une seule fois" in reply["content"] for reply in siege.mayor.replies(siege.post["id"]))
    siege.see.equal("it stands there once", number, 1)
