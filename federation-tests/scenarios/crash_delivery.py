"""Killed in the middle of a delivery to 300 inboxes on 60 hosts, it loses nothing.

And a peer that is down for ten days gets everything in order, and a slow one delays nobody.
"""

import time

from support.actors import Actor, Answer, Net
from support.crowd import Crowd
from support.parvis import Parvis

POSTS = 4
DAYS = 10


def run(world, see):
    parvis = Parvis(world, "mairie")
    parvis.claim()
    parvis.start()
    net = Net(world)
    crowd = Crowd(net, answer_after=0.05)
    mayor, office, inbox = parvis.api("maire-eze"), parvis.actor("maire-eze"), parvis.inbox("maire-eze")
    see.equal("three hundred follow", crowd.follow(inbox, office), 300)
    see.soon("each gets Accept", lambda: all(crowd.received("Accept").values()), 120)
    killed_in_delivery(see, parvis, crowd, mayor)
    slow_peer(see, net, parvis, crowd, mayor, office, inbox)
    ten_days_down(see, parvis, crowd, mayor)
    see.equal("no fault in the log", parvis.complaints(), [])


def killed_in_delivery(see, parvis, crowd, mayor):
    posts = [mayor.publish(f"Annonce numéro {number}")["uri"] for number in range(POSTS)]
    see.soon("the delivery has begun", lambda: sum(map(len, crowd.received("Create").values())) > 100, 60)
    parvis.kill()
    died = time.monotonic()
    before = sum(map(len, crowd.received("Create").values()))
    see(f"it was killed in the middle ({before} of {300 * POSTS})", before < 300 * POSTS)
    parvis.start()
    see.soon(
        "every inbox has every post", lambda: all(set(posts) <= set(x) for x in crowd.objects("Create").values()), 240
    )
    again, wrong, disorder = 0, [], 0
    for actor, came in crowd.received("Create").items():
        ids = [seen.json["id"] for seen in came]
        firsts = {id: next(seen.at for seen in came if seen.json["id"] == id) for id in ids}
        again += len(ids) - len(firsts)
        # Only what was in flight at the kill may come twice.
        wrong += [id for id in firsts if ids.count(id) > 1 and not died - 3 < firsts[id] <= died + 1]
        wrong += [id for id in firsts if ids.count(id) > 2]
        disorder += list(dict.fromkeys(crowd.objects("Create")[actor])) != posts
    see.equal("only attempts in flight were repeated", wrong, [])
    see(f"few were ({again})", again <= 128, again)
    see.equal("each inbox got them in the order of publication", disorder, 0)


def slow_peer(see, net, parvis, crowd, mayor, office, inbox):
    snail = Actor(net.host(), "escargot")
    snail.host.routes[snail.inbox] = snail.host.routes["/inbox"] = Answer(202, body=[(25, b"")])
    snail.post(inbox, snail.activity("Follow", office))
    see.soon("a slow peer follows", lambda: snail.host.deliveries(), 60)
    started = time.monotonic()
    post = mayor.publish("Une annonce avec un abonné lent")["uri"]
    see.soon("all others have it", lambda: all(post in came for came in crowd.objects("Create").values()), 20)
    see(f"before the slow one has answered ({time.monotonic() - started:.1f} s)", time.monotonic() - started < 20)


def ten_days_down(see, parvis, crowd, mayor):
    absent = crowd.actors[7]
    absent.host.close()
    neighbours = [actor for actor in crowd.actors if actor.host is absent.host]
    posts = [mayor.publish(f"Pendant la panne, {number}")["uri"] for number in range(2)]
    present = next(actor for actor in crowd.actors if actor.host is not absent.host)
    see.soon("the others have the posts", lambda: set(posts) <= set(crowd.objects("Create")[present.id]), 60)
    for day in (1, 3, 6, DAYS):
        parvis.stop()
        parvis.at(day)
        parvis.start()
        time.sleep(3)
        if day == 3:
            posts.append(mayor.publish("Au troisième jour")["uri"])
    absent.host.reopen()

    def complete():
        return all(set(posts) <= set(crowd.objects("Create")[actor.id]) for actor in neighbours)

    for day in (DAYS + 1, DAYS + 2):
        # The next attempt may be due within the day.
        parvis.stop()
        parvis.at(day)
        parvis.start()
        if see.soon(f"after {DAYS} days the peer that was down has everything", complete, 30) or day > DAYS + 1:
            break
    for actor in neighbours:
        came = [uri for uri in crowd.objects("Create")[actor.id] if uri in posts]
        see.equal(f"once and in order: {actor.name}", came, posts)
