"""Many followers on many hosts, and what each of them received."""

from concurrent.futures import ThreadPoolExecutor

from .actors import Actor, Answer, rsa_key


class Crowd:
    """`size` actors spread over `hosts` addresses, each with an inbox of its own."""

    def __init__(self, net, hosts=60, size=300, answer_after=0.0):
        self.answer_after = answer_after
        servers = [net.host() for _ in range(hosts)]
        self.actors = [
            Actor(servers[number % hosts], f"abonne{number}", key=rsa_key(), shared_inbox=False)
            for number in range(size)
        ]
        for actor in self.actors:
            actor.host.routes[actor.inbox] = self._inbox

    def _inbox(self, _seen):
        return Answer(202, body=[(self.answer_after, b"")] if self.answer_after else b"")

    def follow(self, inbox, office):
        """Everybody follows; says how many were taken."""

        def one(actor):
            return actor.post(inbox, actor.activity("Follow", office))

        with ThreadPoolExecutor(8) as pool:
            return sum(status == 202 for status in pool.map(one, self.actors))

    def received(self, kind):
        """For each actor the activities of a type, in the order of their coming."""
        return {
            actor.id: [x for x in actor.host.deliveries(actor.inbox) if x.json["type"] == kind] for actor in self.actors
        }

    def objects(self, kind):
        """For each actor the ids of the objects of these activities, in order."""

        def named(seen):
            about = seen.json["object"]
            return about if isinstance(about, str) else about["id"]

        return {id: [named(seen) for seen in came] for id, came in self.received(kind).items()}
