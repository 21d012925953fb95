"""The table of signatures, row by row, with the answers that we promise."""

from support.actors import Net
from support.parvis import Parvis
from support.table import people, rows


def run(world, see):
    parvis = Parvis(world, "mairie")
    parvis.claim()
    parvis.start()
    inbox = parvis.inbox("maire-eze")
    paul, mallory = people(Net(world))
    for sentence, make, wanted, _fedify in rows(paul, mallory, inbox):
        status, headers, body = make().send()
        see(f"{wanted}: {sentence}", status == wanted, f"{status} {body[:300]!r}")
        if status == 401:
            see(
                f"     and says what it accepts: {sentence}",
                "@target-uri" in headers.get("accept-signature", ""),
                headers,
            )
    see.equal("no fault in the log", parvis.complaints(), [])
