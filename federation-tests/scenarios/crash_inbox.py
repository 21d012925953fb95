"""Killed in the middle of an inbox flood, it has kept whatever it said 202 to."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from support.actors import Net
from support.crowd import Crowd
from support.parvis import Parvis


def run(world, see):
    parvis = Parvis(world, "mairie")
    parvis.claim()
    parvis.start()
    crowd = Crowd(Net(world))
    mayor, office, inbox = parvis.api("maire-eze"), parvis.actor("maire-eze"), parvis.inbox("maire-eze")
    see.equal("three hundred are known", crowd.follow(inbox, office), 300)
    post = mayor.publish("Qui vient à la fête ?")
    taken, lock, stop = set(), threading.Lock(), threading.Event()

    def one(actor):
        if stop.is_set():
            return
        like = actor.activity("Like", post["uri"])
        try:
            if actor.post(inbox, like) == 202:
                with lock:
                    taken.add(actor.id)
        except OSError:
            pass

    with ThreadPoolExecutor(8) as pool:
        flood = [pool.submit(one, actor) for actor in crowd.actors]
        while len(taken) < 120 and not all(done.done() for done in flood):
            time.sleep(0.005)
        parvis.kill()
        stop.set()
    see(f"it was killed in the middle of the flood ({len(taken)} acknowledged)", 0 < len(taken) < 300)
    parvis.start()

    def likes():
        return mayor.status(post["id"])["favourites_count"]

    see.soon("every acknowledged like counts", lambda: likes() >= len(taken), 60)
    see("and at most those in flight besides", likes() <= len(taken) + 8, likes())
    who = {account["url"] for account in mayor.get(f"/api/v1/statuses/{post['id']}/favourited_by?limit=80")}
    see("they are those who were told so", len(who) > 0)
    see.equal("no fault in the log", parvis.complaints(), [])
