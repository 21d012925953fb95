"""Replays and duplicates, wrong clocks, and deeds that arrive out of order."""

import time

from support.actors import now
from support.siege import Siege
from support.signer import rfc9421

ANY = [202, *range(400, 500)]
HOUR = 3600
# What cannot be read as a signature may also be called malformed.
UNBELIEVED = (400, 401)


def run(world, see):
    siege = Siege(world, see)
    replays(siege)
    clocks(siege)
    out_of_order(siege)
    older_edits(siege)
    siege.ends()


def replays(siege):
    paul, post = siege.paul, siege.post["uri"]
    note = siege.reply(paul, "Dit une fois")
    create = paul.signed(siege.inbox, paul.create(note))
    siege.see.equal("a good comment", create.send()[0], 202)
    siege.shows("is shown", "Dit une fois")
    siege.attack("the same request again", lambda: create.send()[0], 202)
    again = paul.create(note)
    siege.attack("the same note in another activity", lambda: paul.post(siege.inbox, again), 202)
    shared = f"{siege.parvis.base}/inbox"
    siege.attack("the same activity at the shared inbox", lambda: paul.post(shared, again), 202)
    siege.attack("the same by RFC 9421", lambda: paul.post(siege.inbox, again, scheme=rfc9421), 202)

    like = paul.activity("Like", post)
    signed = paul.signed(siege.inbox, like)
    signed.send()
    siege.see.soon("a like counts once", lambda: siege.counts()["favourites_count"] == 1)
    siege.attack("the same like again", lambda: signed.send()[0], 202)
    siege.attack("the same like newly signed", lambda: paul.post(siege.inbox, like), 202)
    siege.attack("another like by the same actor", lambda: paul.post(siege.inbox, paul.activity("Like", post)), 202)
    paul.post(siege.inbox, paul.activity("Undo", like))
    siege.see.soon("an undone like counts no more", lambda: siege.counts()["favourites_count"] == 0)
    siege.attack("the like replayed after its Undo", lambda: signed.send()[0], ANY)
    siege.attack("the like newly signed after its Undo", lambda: paul.post(siege.inbox, like), ANY)
    paul.post(siege.inbox, paul.activity("Like", post))
    siege.see.soon("a new like counts", lambda: siege.counts()["favourites_count"] == 1)
    siege.attack("the Undo of the old one again", lambda: paul.post(siege.inbox, paul.activity("Undo", like)), ANY)

    boost = paul.activity("Announce", post, to=["https://www.w3.org/ns/activitystreams#Public"], published=now())
    paul.post(siege.inbox, boost)
    siege.see.soon("a boost counts", lambda: siege.counts()["reblogs_count"] == 1)
    paul.post(siege.inbox, paul.activity("Undo", boost))
    siege.see.soon("and is undone", lambda: siege.counts()["reblogs_count"] == 0)
    siege.attack("the boost again after its Undo", lambda: paul.post(siege.inbox, boost), ANY)
    paul.post(siege.inbox, paul.activity("Delete", {"id": note["id"], "type": "Tombstone"}))
    siege.see.soon("a deleted comment goes", lambda: not siege.shown("Dit une fois"))
    siege.attack("its Create replayed after the Delete", lambda: create.send()[0], ANY)
    siege.attack("its Create newly signed after the Delete", lambda: paul.post(siege.inbox, again), ANY)
    siege.attack(
        "an Update of it after the Delete",
        lambda: paul.post(siege.inbox, paul.activity("Update", {**note, "updated": now(60)})),
        ANY,
    )
    siege.see("the deleted comment stays away", not siege.shown("Dit une fois"))


def clocks(siege):
    paul = siege.paul

    def sent(sentence, wanted, **how):
        body = paul.create(siege.reply(paul, "Heure"))
        siege.attack(sentence, lambda: paul.post(siege.inbox, body, **how), wanted)

    now_ = time.time()
    sent("Date two hours ahead", UNBELIEVED, date=now_ + 2 * HOUR)
    sent("Date two days ahead", UNBELIEVED, date=now_ + 48 * HOUR)
    sent("Date two hours ago", UNBELIEVED, date=now_ - 2 * HOUR)
    sent("Date in 1970", UNBELIEVED, date=0)
    sent("Date in 2100", UNBELIEVED, date=4102444800)
    sent("RFC 9421 created two hours ahead", UNBELIEVED, scheme=rfc9421, created=int(now_ + 2 * HOUR))
    sent("RFC 9421 expired", UNBELIEVED, scheme=rfc9421, created=int(now_ - 60), expires=int(now_ - 30))
    sent("RFC 9421 without created", UNBELIEVED, scheme=rfc9421, created="")
    sent("RFC 9421 created with a negative number", UNBELIEVED, scheme=rfc9421, created=-1)
    sent("RFC 9421 created beyond every year", UNBELIEVED, scheme=rfc9421, created=10**14)
    times = ("(request-target)", "host", "(created)", "(expires)", "digest")
    hs = {"algorithm": "hs2019", "signed": times}
    sent("draft-cavage expired", UNBELIEVED, created=int(now_ - 60), expires=int(now_ - 30), **hs)
    sent(
        "draft-cavage created two hours ahead",
        UNBELIEVED,
        created=int(now_ + 2 * HOUR),
        expires=int(now_ + 3 * HOUR),
        **hs,
    )
    sent(
        "draft-cavage created two hours ago, expires tomorrow",
        UNBELIEVED,
        created=int(now_ - 2 * HOUR),
        expires=int(now_ + 24 * HOUR),
        **hs,
    )
    for what, published in (
        ("year 9999", "9999-12-31T23:59:59Z"),
        ("year 1", "0001-01-01T00:00:00Z"),
        ("a leap second", "2016-12-31T23:59:60Z"),
        ("no zone", "2026-01-01T00:00:00"),
    ):
        note = {**siege.reply(paul, f"Date {what}"), "published": published}
        status = paul.post(siege.inbox, paul.create(note))
        siege.see(f"{status}: published in {what}", status in ANY)
    siege.quiet()
    siege.see.equal("the page stands", siege.parvis.get(siege.post["url"], accept="text/html").status, 200)


def out_of_order(siege):
    paul, post = siege.paul, siege.post["uri"]
    note = siege.reply(paul, "Jamais vu")
    paul.post(siege.inbox, paul.activity("Delete", {"id": note["id"], "type": "Tombstone"}))
    siege.quiet()
    paul.host.routes[note["id"].removeprefix(paul.host.base)] = 0
    siege.attack("a Create after its Delete", lambda: paul.post(siege.inbox, paul.create(note)), ANY)
    siege.see.never("is never shown", lambda: siege.shown("Jamais vu"))

    note = siege.reply(paul, "Première version")
    newer = {**note, "content": "<p>Deuxième version</p>", "updated": now(10)}
    paul.post(siege.inbox, paul.activity("Update", newer))
    siege.quiet()
    paul.post(siege.inbox, paul.create(note))
    siege.quiet()
    siege.see.never(
        "a Create after its Update does not bring back the old text", lambda: siege.shown("Première version")
    )

    before = siege.counts()
    mallory = siege.mallory
    early = mallory.activity("Like", post)
    mallory.post(siege.inbox, mallory.activity("Undo", early))
    siege.quiet()
    siege.attack("a Like after its Undo", lambda: mallory.post(siege.inbox, early), ANY)
    boost = mallory.activity("Announce", post, published=now())
    mallory.post(siege.inbox, mallory.activity("Undo", boost))
    siege.quiet()
    siege.attack("an Announce after its Undo", lambda: mallory.post(siege.inbox, boost), ANY)
    never = siege.sally.activity("Like", post)
    siege.attack(
        "an Undo of what never was",
        lambda: siege.sally.post(siege.inbox, siege.sally.activity("Undo", never)),
        ANY,
        allow=("discussion_gone",),
    )
    siege.see.equal("the counts are as before", siege.counts(), before)
    undone_by_what_it_was(siege)

    stranger = siege.known(type(paul)(siege.net.host(), "odile"))
    follow = stranger.activity("Follow", siege.office)
    followers = siege.mayor.me()["followers_count"]
    stranger.post(siege.inbox, stranger.activity("Undo", follow))
    siege.see.soon(
        "an Undo by (actor, object) ends the follow", lambda: siege.mayor.me()["followers_count"] == followers - 1
    )
    siege.attack("the Follow that was undone before it came", lambda: stranger.post(siege.inbox, follow), ANY)


def undone_by_what_it_was(siege):
    """Servers that made a like long ago send an Undo whose inner id nobody knows: actor, type and object count."""
    post = siege.post["uri"]
    fan = siege.known(type(siege.paul)(siege.net.host(), "ursule"))
    before = siege.counts()["favourites_count"]

    def likes():
        return siege.counts()["favourites_count"] - before

    like = fan.activity("Like", post)
    fan.post(siege.inbox, like)
    siege.see.soon("a like counts", lambda: likes() == 1)
    meant = {"id": f"{fan.id}#likes/unknown", "type": "Like", "actor": fan.id, "object": post}
    for sentence, who, inner in (
        ("by another actor, who names its actor", siege.mallory, meant),
        ("by another actor, who leaves its actor out", siege.mallory, {"type": "Like", "object": post}),
        ("by another actor, who takes its id", siege.mallory, {**meant, "id": like["id"], "actor": siege.mallory.id}),
        ("by its actor, of another object", fan, {**meant, "object": f"{post}0"}),
        ("by its actor, of a share", fan, {**meant, "type": "Announce"}),
        ("by its actor, of a follow", fan, {**meant, "type": "Follow"}),
        ("by its actor, in another's name", fan, {**meant, "actor": siege.paul.id}),
    ):
        undo = who.activity("Undo", {**inner, "id": inner.get("id", "x") + sentence[-4:].strip()})
        siege.attack(f"an Undo of it {sentence}", lambda: who.post(siege.inbox, undo), ANY, allow=("discussion_gone",))
    fan.post(siege.inbox, fan.activity("Undo", meant))
    siege.see.soon("an Undo by (actor, object) with an unknown id takes it back", lambda: likes() == 0)
    siege.attack("the like again after that", lambda: fan.post(siege.inbox, like), ANY)
    anew = fan.activity("Like", post)
    fan.post(siege.inbox, anew)
    siege.see.soon("a new like counts", lambda: likes() == 1)
    siege.attack("the same Undo again", lambda: fan.post(siege.inbox, fan.activity("Undo", meant)), ANY)
    fan.post(siege.inbox, fan.activity("Undo", {"type": "Like", "object": post}))
    siege.see.soon("an Undo without id and actor takes it back", lambda: likes() == 0)


def older_edits(siege):
    paul = siege.paul
    note = siege.reply(paul, "Édition zéro")
    paul.post(siege.inbox, paul.create(note))
    siege.shows("a comment is shown", "Édition zéro")

    moments = {offset: now(offset) for offset in (10, 20, 30)}

    def edit(words, offset):
        return paul.activity("Update", {**note, "content": f"<p>{words}</p>", "updated": moments[offset]})

    paul.post(siege.inbox, edit("Édition deux", 20))
    siege.shows("a newer edit is shown", "Édition deux")
    siege.attack("an older edit", lambda: paul.post(siege.inbox, edit("Édition une", 10)), ANY)
    siege.attack("an edit of the same instant", lambda: paul.post(siege.inbox, edit("Édition bis", 20)), ANY)
    without = paul.activity("Update", {**note, "content": "<p>Édition nue</p>"})
    siege.attack("an edit that does not say when", lambda: paul.post(siege.inbox, without), ANY)
    siege.see("the newest edit stands", siege.shown("Édition deux"))
    paul.post(siege.inbox, edit("Édition trois", 30))
    siege.shows("the next edit is shown", "Édition trois")
