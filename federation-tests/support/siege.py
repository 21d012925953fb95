"""A server under attack: each attack asserts the answer, the rows and the log."""

import time

from .actors import Actor, Net, rsa_key
from .checks import wait_until
from .parvis import Parvis

# What a received activity may leave behind: its own record, the work it caused, the senders
# that were looked up, and the counters that hold senders back.
RECORDS = ("task", "federation_received", "federation_lane", "federation_delivery", "federation_tombstone")
REFUSED = range(400, 500)


class Siege:
    def __init__(self, world, see, host=None, **settings):
        self.world, self.see = world, see
        self.parvis = Parvis(world, "mairie", host, **settings)
        self.parvis.claim()
        self.parvis.account("citoyenne")
        self.parvis.start()
        self.net = Net(world)
        self.mayor = self.parvis.api("maire-eze")
        self.office = self.parvis.actor("maire-eze")
        self.inbox = self.parvis.inbox("maire-eze")
        self.post = self.mayor.publish("Réunion publique jeudi à 18 h 30")
        self.paul = self.known(Actor(self.net.host(), "paul"))
        self.sally = self.known(Actor(self.paul.host, "sally", key=rsa_key(1)))
        self.mallory = self.known(Actor(self.net.host(), "mallory", key=rsa_key(2)))
        self.quiet()

    def known(self, actor):
        """Introduces an actor, so that its own row is there before the attack."""
        follow = actor.activity("Follow", self.office)
        self.see.equal(f"{actor.id} is made known", actor.post(self.inbox, follow), 202)
        self.see.soon(f"{actor.name} gets Accept", lambda: self._accepted(actor, follow))
        return actor

    def _accepted(self, actor, follow):
        accepts = [x.json for x in actor.host.deliveries() if x.json["type"] == "Accept"]
        return any(follow["id"] in str(accept["object"]) for accept in accepts)

    def reply(self, actor, words, **more):
        """A note under the post, which a good server shows."""
        return actor.note(f"<p>{words}</p>", self.post["uri"], **more)

    def shown(self, words):
        return self.mayor.find_reply(self.post["id"], words)

    def shows(self, sentence, words):
        self.see.soon(sentence, lambda: self.shown(words))

    def page_of(self, uri):
        """The page on which the comment with this id stands, in plain HTML; empty if there is none."""
        replies = self.mayor.replies(self.post["id"])
        found = next((reply for reply in replies if reply["uri"] == uri), None)
        if not found:
            return ""
        there = self.parvis.get(f"/commentaires/{found['id']}", accept="text/html").headers["location"]
        return self.parvis.get(there.split("#")[0], accept="text/html").text

    def counts(self):
        status = self.mayor.status(self.post["id"])
        return {name: status[name] for name in ("replies_count", "favourites_count", "reblogs_count")}

    def quiet(self, seconds=10):
        """Waits until what was received is taken in and the tasks that are due have run."""

        def idle():
            due = int(time.time() * 1000)
            waiting = f"SELECT id FROM federation_received WHERE state = 'waiting' AND due_at <= {due}"
            return not self.parvis.ask(waiting) and not self.parvis.ask(f"SELECT id FROM task WHERE run_at <= {due}")

        wait_until(idle, seconds)

    def attack(self, sentence, act, wanted=REFUSED, allow=()):
        """Acts, and asserts that the answer is among those wanted and that nothing came of it."""
        before, counts = self.parvis.rows(), self.counts()
        complaints = len(self.parvis.complaints())
        try:
            status = act()
        except OSError as error:
            # A server may also close on a sender that goes too far.
            status = "closed" if "closed" in allow else error
        self.quiet()
        after = self.parvis.rows()
        changed = {
            table: f"{before.get(table, 0)} → {count}"
            for table, count in after.items()
            if count != before.get(table, 0) and not table.startswith(RECORDS) and table not in allow
        }
        faults = self.parvis.complaints()[complaints:]
        effect = {} if self.counts() == counts else self.counts()
        wanted = [*((wanted,) if isinstance(wanted, int) else wanted), *({"closed"} & set(allow))]
        good = status in wanted and not changed and not faults and not effect
        self.see(
            f"{status}, no effect: {sentence}", good, f"wanted {wanted}, rows {changed}, counts {effect}, log {faults}"
        )

    def ends(self):
        """The server is still well."""
        reply = self.reply(self.paul, "Toujours là ?")
        self.see.equal("afterwards a good message is taken", self.paul.post(self.inbox, self.paul.create(reply)), 202)
        self.shows("and shown", "Toujours là")
        self.see.equal("no fault in the log", self.parvis.complaints(), [])
