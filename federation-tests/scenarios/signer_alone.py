"""The raw signer against Fedify: its answers are the known ones.

Proves the signer, so that what it finds in our server is our server's.
"""

from support.actors import Net
from support.peers import Fedify
from support.table import people, rows


def run(world, see):
    fedify = Fedify(world, "fedify.test")
    world.publish({fedify.host: fedify.port})
    fedify.start()
    paul, mallory = people(Net(world))
    inbox = f"{fedify.actor}/inbox"
    for sentence, make, _ours, known in rows(paul, mallory, inbox):
        status, _headers, body = make().send(world.ca)
        see(f"Fedify answers {known}: {sentence}", status == known, f"{status} {body[:300]!r}")
