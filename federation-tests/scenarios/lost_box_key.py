"""The key of a running poll's ballot box is lost, on SQLite and on PostgreSQL: what `parvis poll renew-key` refuses,
what it throws away, what it keeps. The voters have no JavaScript, so that every step is a form."""

import html
import json
import re
import time

from support.parvis import Parvis
from support.postgres import Postgres
from support.web import Visitor

PASSWORD = "un mot de passe bien long"
NEW = "/eze-06/sondages/nouveau"


def run(world, see):
    postgres = Postgres(world)
    for engine, database in (("SQLite", None), ("PostgreSQL", postgres.database("urne"))):
        see.guard(one, world, see, engine, database)


def person(parvis, name):
    parvis.set_password(name, PASSWORD)
    visitor = Visitor(parvis)
    visitor.sign_in(f"{name}@example.org", PASSWORD)
    return visitor


def one(world, see, engine, database):
    parvis = Parvis(world, f"urne-{engine.lower()}", database=database)
    parvis.claim()
    voters = [f"votante{number}" for number in range(6)]
    for name in voters:
        parvis.account(name)
    parvis.start()
    mayor = person(parvis, "mireille")
    voters = [person(parvis, name) for name in voters]
    refusals(see, engine, parvis, mayor)
    poll = opened(mayor)
    number = poll.rsplit("/", 1)[1]
    key = parvis.folder / "data" / "urnes" / f"{number}.cle"
    see(f"{engine}: the key of the box is a file", key.is_file(), key)
    receipts = [voted(voter, poll) for voter in voters[:3]]
    done = parvis.cli("poll", "renew-key", number, "--yes", check=False)
    see(f"{engine}: refused while the key is there", done.returncode != 0 and "nothing is lost" in done.stderr, done)
    see.equal(f"{engine}: and nothing was thrown away", in_box(parvis), 3)
    key.unlink()
    locked(see, engine, parvis, poll, voters[3])
    done = parvis.cli("poll", "renew-key", number, check=False)
    see(f"{engine}: refused without --yes", done.returncode != 0 and "--yes" in done.stderr and not key.exists(), done)
    said = parvis.cli("poll", "renew-key", number, "--yes")
    see(f"{engine}: says how many ballots are lost", "3 ballots" in said, said)
    see.equal(f"{engine}: the box is empty, its key is there", (in_box(parvis), key.is_file()), (0, True))
    see.equal(f"{engine}: the register is kept", parvis.ask("SELECT COUNT(*) FROM poll_register")[0][0] in (3, "3"), True)
    again(see, engine, poll, voters, receipts)
    ended(see, engine, parvis, mayor, poll, number)
    see.equal(f"{engine}: no fault in the log", [line for line in parvis.complaints() if "status=503" not in line], [])
    parvis.stop()


def refusals(see, engine, parvis, mayor):
    done = parvis.cli("poll", "renew-key", "117", "--yes", check=False)
    see(f"{engine}: refused for a poll that never was", done.returncode != 0 and "no such poll" in done.stderr, done)


def opened(mayor):
    mayor.open(NEW)
    day = time.strftime("%Y-%m-%d", time.localtime(time.time() + 7 * 24 * 3600))
    mayor.submit(
        "question", genre="anonyme", question="Une piste cyclable ?", date=day, time="20:00", action="publish",
        **{"option-1": "Oui", "option-2": "Non", "multiple": "non", "electorate": "declared", "comment_mode": "open"},
    )  # fmt: skip
    return mayor.address


def voted(voter, poll, choice="0"):
    """Votes without JavaScript; gives the receipt."""
    voter.open(poll)
    page = voter.submit("/vote", choices=choice)
    found = re.search(r"<pre[^>]*>(.*?)</pre>", page.text, re.S)
    if page.status != 200 or not found:
        raise RuntimeError(f"no receipt: {page!r}")
    receipt = html.unescape(found[1])
    json.loads(receipt)
    return receipt


def in_box(parvis):
    return int(parvis.ask("SELECT COUNT(*) FROM poll_sealed")[0][0])


def locked(see, engine, parvis, poll, voter):
    """Without the key nothing is taken in, and nobody is told that she has voted."""
    voter.open(poll)
    page = voter.submit("/vote", choices="0")
    see.equal(f"{engine}: a locked box takes no ballot", page.status, 503)
    taken = parvis.ask("SELECT COUNT(*) FROM poll_register")[0][0]
    see.equal(f"{engine}: nor is one given out", int(taken), 3)
    see.equal(f"{engine}: the poll can be read", voter.open(poll).status, 200)


def shown(voter, poll, receipt):
    voter.open(poll)
    return voter.submit("recu", recu=receipt)


def again(see, engine, poll, voters, receipts):
    first = voters[0]
    page = shown(first, poll, receipts[0])
    see(f"{engine}: a receipt says that its ballot is gone", page.status == 200 and "/bulletin" in page.text, page)
    page = first.submit("/bulletin")
    see(f"{engine}: and casts it again", page.status == 200 and "est bien dans l’urne" in page.text, page)
    first.open(poll)
    see(f"{engine}: nobody is given a second ballot", not re.search(r'action="[^"]*/vote"', first.page.text), first.page)
    for voter, receipt in zip(voters[1:3], receipts[1:], strict=True):
        shown(voter, poll, receipt)
        voter.submit("/bulletin")
    fresh = [voted(voter, poll, "1") for voter in voters[3:]]
    page = shown(voters[5], poll, fresh[2])
    see(f"{engine}: from five ballots on a receipt shows the counts", "5 bulletins" in page.text, page)


def ended(see, engine, parvis, mayor, poll, number):
    see.equal(f"{engine}: six ballots are in the box", in_box(parvis), 6)
    mayor.open(f"{poll}/retirer")
    mayor.submit("/retirer")
    done = parvis.cli("poll", "renew-key", number, "--yes", check=False)
    see(f"{engine}: refused once the poll is over", done.returncode != 0 and "closed" in done.stderr, done)
