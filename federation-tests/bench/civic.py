"""What the sections of the civic conversation cost: the agenda, ballots, groups, a long discussion."""

import base64
import hashlib
import random
import time

from measure import (
    CORES, HOUR, Sink, Watch, cpu, engines, insert, memory, ms, page, row_of, settle, tool, warm_up,
)  # fmt: skip
from support.parvis import Parvis
from support.web import Visitor

PASSWORD = "un mot de passe de mesure"
EVENTS = 2000
VOTERS, CONNECTIONS = 4000, 32
MEMBERS, GROUP_HOSTS = 1000, 100
COMMENTS = 5000


def claimed(world, name, database):
    """A server of its own with a mayor, signed in."""
    parvis = Parvis(world, name, database=database(name), PARVIS_FEDERATION__INBOX_PER_MINUTE="0").start()
    parvis.stop()
    parvis.claim()
    parvis.set_password("mireille", PASSWORD)
    parvis.start()
    mayor = Visitor(parvis)
    mayor.sign_in("mireille@example.org", PASSWORD)
    return parvis, mayor


# The agenda


def agenda(table, world):
    table.part(f"The agenda, {EVENTS} events in one month (50 requests per second)")
    for engine, database in engines(world):
        parvis, _ = claimed(world, "agenda", database)
        month = full_month(parvis)
        base = f"{parvis.base}/eze-06/agenda"
        for view, address in (("month", f"?vue=mois&date={month}"), ("week", f"?vue=semaine&date={month}-10"), ("list", "?vue=liste")):
            page(table, f"{engine}: {view}", base + address, 50, rate=50)
        parvis.stop()


def full_month(parvis):
    """The events, copied from one that was planned as it should be. Gives the month."""
    year = time.gmtime().tm_year + 1
    event = {"title": "Marché aux fleurs", "start": f"{year}-03-01T08:00", "place": {"name": "Place du marché"}}
    made = parvis.api("maire-eze").post("/api/parvis/v1/communes/06059/events", event)
    parvis.stop()
    tables = ("agenda_event", "agenda_occurrence")
    rows = {table: row_of(parvis, table, int(made["id"])) for table in tables}
    copies = {table: [] for table in tables}
    for number in range(1, EVENTS):
        id, day = int(made["id"]) + number, number % 31 + 1
        start, end = (f"{year}-03-{day:02}T{hour:02}:00:00" for hour in (8 + number % 12, 9 + number % 12))
        at = rows["agenda_occurrence"]["starts_at"] + ((day - 1) * 24 + number % 12) * HOUR
        changes = {"id": id, "event_id": id, "uri": f"{made['uri']}-{number}", "day": start[:10]}
        changes |= {"rule_local": start, "starts_local": start, "ends_local": end}
        changes |= {"starts_at": at, "ends_at": at + HOUR, "title": f"Rendez-vous numéro {number}"}
        for table, row in rows.items():
            copies[table].append({name: changes.get(name, value) for name, value in row.items()})
    for table in tables:
        insert(parvis, table, copies[table])
    parvis.start()
    warm_up(parvis)
    return f"{year}-03"


# Ballots


def ballots(table, world):
    table.part(f"An anonymous poll: {VOTERS} citizens on {CONNECTIONS} connections, voters on the same {CORES} cores")
    one, bare = tool("blind", 1, 5)["per_second"], tool("blind", CORES, 5)["per_second"]
    table.row("bare blind RSA-2048 signatures per second", f"{one:.0f} on one core, {bare:.0f} on {CORES}")
    for engine, database in engines(world):
        parvis, mayor = claimed(world, "ballots", database)
        tokens = electorate(parvis)
        poll = opened_poll(mayor)
        warm_up(parvis)
        before = cpu(parvis.process.pid)
        done = tool("votes", poll, tokens, CONNECTIONS)
        used = (cpu(parvis.process.pid) - before) / VOTERS
        ((in_the_box,),) = parvis.ask("SELECT COUNT(*) FROM poll_sealed")
        all_good = all(done[part]["statuses"] == {"200": VOTERS} for part in ("signed", "cast"))
        if not all_good or int(in_the_box) != VOTERS:
            raise RuntimeError(f"{done}, {in_the_box} in the box\n{parvis.log[-2000:]}")
        for part, what in (("signed", "signatures given out"), ("cast", "ballots taken into the box")):
            figures = done[part]
            share = f", {figures['per_second'] / bare:.0%} of bare signing" if part == "signed" else ""
            table.row(
                f"{engine}: {what}",
                f"{figures['per_second']:.0f}/s{share}; p50 {figures['p50_ms']:.0f} ms, p99 {figures['p99_ms']:.0f} ms",
            )
        table.row(
            f"{engine}: whole votes, both requests",
            f"{done['per_second']:.0f}/s, {done['per_second'] / bare:.0%} of bare signing; processor {ms(used)} each",
        )
        parvis.stop()


def electorate(parvis):
    """Citizens copied from one, with a token of the API each. Gives the file of the tokens."""
    parvis.account("electrice")
    parvis.api("electrice")
    ((account, actor),) = parvis.ask("SELECT id, actor_id FROM account WHERE email_key = 'electrice@example.org'")
    ((token,),) = parvis.ask(f"SELECT id FROM client_token WHERE account_id = {account}")
    parvis.stop()
    account, actor, token = int(account), int(actor), int(token)
    rows = {
        "federation_actor": row_of(parvis, "federation_actor", actor),
        "account": row_of(parvis, "account", account),
        "client_token": row_of(parvis, "client_token", token),
    }
    # Ids go with the hour; these are of an hour ago.
    first = account - (HOUR << 16)
    copies, secrets = {table: [] for table in rows}, []
    for number in range(VOTERS):
        secret, id = f"mesure-{random.getrandbits(128):x}", first + number
        hashed = base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode().rstrip("=")
        name = f"electrice{number}"
        uri = rows["federation_actor"]["uri"].replace(str(actor), str(id))
        changes = {
            "federation_actor": {"id": id, "uri": uri, "handle": name, "inbox": f"{uri}/inbox", "url": None},
            "account": {"id": id, "actor_id": id, "email": f"{name}@example.org", "email_key": f"{name}@example.org"},
            "client_token": {"id": id, "token_hash": hashed, "account_id": id},
        }
        for table, row in rows.items():
            copies[table].append({**row, **changes[table]})
        secrets.append(secret)
    for table in rows:
        insert(parvis, table, copies[table])
    path = parvis.folder / "tokens"
    path.write_text("\n".join(secrets))
    parvis.start()
    return path


def opened_poll(mayor):
    mayor.open("/eze-06/sondages/nouveau")
    day = time.strftime("%Y-%m-%d", time.localtime(time.time() + 7 * 24 * 3600))
    mayor.submit(
        "question", genre="anonyme", question="Une piste cyclable ?", date=day, time="20:00", action="publish",
        **{"option-1": "Oui", "option-2": "Non", "multiple": "non", "electorate": "declared", "comment_mode": "open"},
    )  # fmt: skip
    if "/sondages/nouveau" in mayor.address or mayor.page.status != 200:
        raise RuntimeError(f"no poll was opened: {mayor.address} {mayor.page!r}")
    return mayor.address


# Groups


def groups(table, world):
    hosts = f"{MEMBERS} members on {GROUP_HOSTS} hosts"
    table.part(f"A topic in a group, to {hosts}, plain HTTP: from the form that is sent to the last delivery")
    sink = Sink(world, "sink-groups", hosts=GROUP_HOSTS)
    for engine, database in engines(world):
        parvis, mayor = claimed(world, "groups", database)
        # What somebody dark says stays on her server.
        mayor.open("/compte/donnees")
        mayor.submit("visibilite", federated="on")
        # Within the group whole; a public one also passes on the topic alone, for those who know boosts only.
        for scope, inboxes in (("public", GROUP_HOSTS), ("members", MEMBERS)):
            group = opened_group(mayor, scope)
            join(parvis, sink, group)
            for time_of_it in ("first", "second"):
                mayor.open(f"{group}/sujets/nouveau")
                done = Passed(parvis, sink, mayor, inboxes)
                table.row(
                    f"{engine}: {scope} group, {time_of_it} topic",
                    f"{done.seconds * 1000:.0f} ms to the last of {done.count} deliveries to {inboxes} inboxes"
                    f" ({done.answered * 1000:.0f} ms to the answer); processor {ms(done.cpu)} each;"
                    f" memory {done.memory:.0f} MB",
                )
        parvis.stop()
    world.stop("sink-groups")


def opened_group(mayor, scope):
    mayor.open("/eze-06/groupes/nouveau")
    fields = {"scope": scope, "name": f"Mesure {scope}", "about": "On mesure.", "opening": "members", "approval": None}
    mayor.submit("scope", **fields)
    if "/groupes/nouveau" in mayor.address or mayor.page.status != 200:
        raise RuntimeError(f"no group was opened: {mayor.address} {mayor.page!r}")
    return mayor.address


def join(parvis, sink, group):
    """Writes the members into the database."""
    parvis.stop()
    id, now = int(group.rsplit("/", 1)[1]), int(time.time() * 1000)
    actors, follows, places = [], [], []
    for number in range(MEMBERS):
        origin = sink.origin(number % GROUP_HOSTS)
        uri, row = f"{origin}/{id}/users/{number}", id - (HOUR << 16) + number
        actors.append(remote(row, uri, origin, f"u{number}", now))
        follows.append({
            "follower_id": row, "followee_id": id, "uri": f"{uri}/follow", "canonical": f"{uri}/follow", "accepted": True,
            "created_at": now, "id": row,
        })  # fmt: skip
        places.append({"group_id": id, "actor_id": row, "id": row, "pace": "all", "created_at": now})
    insert(parvis, "federation_actor", actors)
    insert(parvis, "federation_follow", follows)
    insert(parvis, "groups_place", places)
    parvis.start()
    warm_up(parvis)


def remote(id, uri, origin, name, now):
    return {
        "id": id, "uri": uri, "local": False, "kind": "Person", "handle": name, "host": origin.split("//")[1],
        "inbox": f"{uri}/inbox", "shared_inbox": f"{origin}/inbox", "federated": True, "created_at": now,
        "updated_at": now, "fetched_at": now, "origin": origin, "inbox_lane": origin, "shared_lane": origin,
    }  # fmt: skip


class Passed:
    """One topic on its way to all members."""

    def __init__(self, parvis, sink, mayor, inboxes):
        sink.ask("reset")
        server = parvis.process.pid
        before, began = cpu(server), time.monotonic()
        with Watch(server) as watch:
            mayor.submit("source", title=f"Mesure de {began}", source="Le pont est fermé jusqu'à **lundi**. " * 8)
            self.answered = time.monotonic() - began
            if mayor.page.status != 200 or "/sujets/nouveau" in mayor.address:
                raise RuntimeError(f"no topic was opened: {mayor.page!r}")
            waiting, seen = self._over(parvis, sink, inboxes)
        self.seconds = time.monotonic() - seen["last_ago"] - began
        self.count = seen["requests"]
        if waiting or not self.count or self.count % inboxes:
            raise RuntimeError(f"{seen}, {waiting} wait, {inboxes} inboxes\n{parvis.log[-2000:]}")
        self.cpu = (cpu(server) - before) / self.count
        self.memory = max(watch.largest, memory(server))

    @staticmethod
    def _over(parvis, sink, inboxes):
        """Until nothing waits and nothing more comes."""
        end = time.monotonic() + 60
        while True:
            waiting, seen = settle(parvis), sink.ask()
            if time.monotonic() > end or not waiting and seen["requests"] >= inboxes and seen["last_ago"] > 0.5:
                return waiting, sink.ask()


# A long discussion


def thread(table, world):
    table.part(f"A discussion of {COMMENTS} comments, opened in its middle (50 requests per second)")
    for engine, database in engines(world):
        parvis, _ = claimed(world, "thread", database)
        wide, deep, middle, half = long_discussions(parvis)
        page(table, f"{engine}: {COMMENTS // 2} comments with an answer each", f"{wide}?depuis={middle}", 50, rate=50)
        address = f"{parvis.base}/commentaires/{deep}/reponses?apres={half}"
        page(table, f"{engine}: one comment with {COMMENTS - 1} answers", address, 50, rate=50)
        parvis.stop()


def long_discussions(parvis):
    """Two discussions copied from comments that were written as they should be."""
    mayor = parvis.api("maire-eze")
    posts = [mayor.publish(f"Qu'en pensez-vous ? {n}") for n in range(2)]
    roots = [mayor.publish("Le premier avis.", in_reply_to_id=post["id"]) for post in posts]
    parvis.stop()
    now = int(time.time() * 1000)
    begin = int(roots[1]["id"]) + (1 << 16)
    people = [
        remote(begin - (HOUR << 16) + n, f"http://127.99.0.{n % 250 + 1}/u/{n}", f"http://127.99.0.{n % 250 + 1}", f"u{n}", now)
        for n in range(1000)
    ]
    insert(parvis, "federation_actor", people)
    wide, deep = (row_of(parvis, "discussion_comment", int(root["id"])) for root in roots)
    rows = []
    for n in range(COMMENTS - 1):
        id, author = begin + n, people[n % len(people)]
        of = {"id": id, "uri": f"{author['uri']}/{id}", "actor_id": author["id"], "url": f"{author['uri']}/{id}"}
        of |= {"html": f"<p>L'avis numéro {n}, qui n'est pas celui d'avant. {'Et encore un mot. ' * (n % 12)}</p>"}
        of |= {"source": None, "created_at": now, "told_at": now}
        is_answer = n % 2 == 0
        above = {"parent_id": id - 1 if n else wide["id"], "root_id": id - 1 if n else wide["id"]}
        rows.append({**wide, **of, **(above if is_answer else {"parent_id": None, "root_id": id})})
        id += COMMENTS
        of |= {"id": id, "uri": f"{author['uri']}/{id}", "url": f"{author['uri']}/{id}"}
        rows.append({**deep, **of, "parent_id": deep["id"], "root_id": deep["id"]})
    rows.sort(key=lambda row: row["id"])
    insert(parvis, "discussion_comment", rows)
    parvis.start()
    warm_up(parvis)
    # The first comment of the middle that answers the post itself.
    middle = begin + COMMENTS // 2 // 2 * 2 + 1
    return posts[0]["url"], deep["id"], middle, begin + COMMENTS + COMMENTS // 2


PARTS = {"agenda": agenda, "ballots": ballots, "groups": groups, "thread": thread}
