"""Two `parvis serve` on one PostgreSQL: each activity goes out once; one dies, nothing is missed."""

import threading

from support.actors import Net
from support.crowd import Crowd
from support.parvis import Parvis
from support.postgres import Postgres

EACH = 6


def run(world, see):
    database = Postgres(world).database("shared")
    one = Parvis(world, "one", database=database)
    # Both are the same site: one public address, two processes behind a load balancer.
    two = Parvis(world, "two", database=database, PARVIS_SERVER__BASE_URL=one.base)
    two.base = f"http://127.0.0.1:{two.port}"
    one.start(wait=False)
    two.start(wait=False)
    world.ready("one", one.port, seconds=120)
    world.ready("two", two.port, seconds=120)
    see("two that migrate one empty database at once both come up", True)
    see.equal(
        "one of them loaded the communes",
        one.ask("SELECT COUNT(*) FROM commune WHERE successor IS NULL")[0][0],
        "34969",
    )
    one.claim()
    crowd = Crowd(Net(world), hosts=20, size=60)
    office, inbox = one.actor("maire-eze"), one.inbox("maire-eze")
    see.equal("sixty follow", crowd.follow(inbox, office), 60)
    see.soon("each gets Accept once", lambda: all(len(x) == 1 for x in crowd.received("Accept").values()), 60)
    first, second = one.api("maire-eze"), two.api("maire-eze")
    posts = published_through_both(first, second)
    exactly_once(see, crowd, posts, "published through both")

    posts += [second.publish("Avant la mort de l'autre")["uri"]]
    one.kill()
    posts += [second.publish(f"Après la mort de l'autre, {number}")["uri"] for number in range(EACH)]
    see.soon(
        "one killed, the other delivers all",
        lambda: all(set(posts) <= set(x) for x in crowd.objects("Create").values()),
        180,
    )
    doubles = sum(len(came) - len(set(came)) for came in crowd.objects("Create").values())
    see(f"hardly anything twice ({doubles})", doubles <= 64, doubles)
    for server in (one, two):
        see.equal(f"no fault in the log of {server.name}", server.complaints(), [])


def published_through_both(first, second):
    posts = []

    def publish(api, name):
        for number in range(EACH):
            posts.append(api.publish(f"Annonce {number} par {name}")["uri"])

    writers = [threading.Thread(target=publish, args=pair) for pair in ((first, "un"), (second, "deux"))]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return posts


def exactly_once(see, crowd, posts, sentence):
    see.soon(
        f"every follower has every post {sentence}",
        lambda: all(set(posts) <= set(x) for x in crowd.objects("Create").values()),
        120,
    )
    doubles = {id: came for id, came in crowd.objects("Create").items() if len(came) != len(set(came))}
    see.equal("and each once", doubles, {})
