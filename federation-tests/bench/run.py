#!/usr/bin/env python3
"""Puts the measurements together: `run` builds what they need and calls this."""

import contextlib
import json
import os
import pathlib
import platform
import re
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.parvis import Parvis, binary  # noqa: E402
from support.world import World, free_port  # noqa: E402

TOOLS = os.environ["PARVIS_BENCH"]
HOSTS, FOLLOWERS = 1000, 10_000
CORES = os.cpu_count()
TICKS = os.sysconf("SC_CLK_TCK")
HOUR = 3_600_000


class Table:
    """What is printed in the end."""

    def __init__(self):
        self.parts = []

    def part(self, title):
        print(f"\n{title}", flush=True)
        self.parts.append((title, []))

    def row(self, what, figure, aim=None, good=None):
        verdict = "" if good is None else ("reached" if good else "missed")
        self.parts[-1][1].append((what, figure, aim or "", verdict))
        print(f"  {what}: {figure}{f' (aim: {aim}; {verdict})' if aim else ''}", flush=True)

    def markdown(self):
        lines = []
        for title, rows in self.parts:
            lines += [f"\n### {title}\n", "| what | figure | aim | |", "| --- | --- | --- | --- |"]
            lines += [f"| {' | '.join(row)} |" for row in rows]
        return "\n".join(lines)


def tool(*words):
    done = subprocess.run([TOOLS, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{words}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def cpu(pid):
    """Seconds of all cores that a process has used."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid):
    """Megabytes resident now."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024


class Watch:
    """The largest memory of a process while something happens."""

    def __init__(self, pid):
        self.pid, self.largest, self._over = pid, memory(pid), threading.Event()

    def __enter__(self):
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def _look(self):
        while not self._over.wait(0.05):
            self.largest = max(self.largest, memory(self.pid))

    def __exit__(self, *_error):
        self._over.set()
        self._thread.join()


def ms(seconds):
    return f"{seconds * 1000:.2f} ms"


# The machine


def machine(table, _world):
    table.part("The machine")
    model = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    table.row("processor", f"{CORES} × {model[1] if model else platform.processor()}")
    load = os.getloadavg()[0]
    table.row("load when the run began", f"{load:.1f}", "under 0.5", load < 0.5)
    one, all_cores = tool("sign", 1, 5)["per_second"], tool("sign", CORES, 5)["per_second"]
    table.row("bare RSA-2048 signatures per second", f"{one:.0f} on one core, {all_cores:.0f} on {CORES}")
    table.row("synced writes of 4 KiB per second", f"{synced_writes():.0f}")
    return all_cores


def synced_writes(seconds=2):
    path = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"parvis-bench-{os.getpid()}"
    count, end = 0, time.monotonic() + seconds
    with open(path, "wb", buffering=0) as file:
        while time.monotonic() < end:
            file.write(b"\0" * 4096)
            os.fdatasync(file.fileno())
            count += 1
    path.unlink()
    return count / seconds


# Starting


def start(table, world):
    table.part("Starting, resting")
    table.row("size of the binary", f"{binary().stat().st_size / 1e6:.1f} MB")
    parvis = Parvis(world, "start")
    table.row("first start, with all communes", f"{seconds_to_answer(world, parvis):.2f} s", "under 5 s")
    parvis.stop()
    times = []
    for _ in range(5):
        times.append(seconds_to_answer(world, parvis))
        time.sleep(1)
        if len(times) < 5:
            parvis.stop()
    middle = sorted(times)[2]
    table.row("start of an existing database (median of 5)", f"{middle:.2f} s", "under 0.5 s", middle < 0.5)
    time.sleep(15)
    resting = memory(parvis.process.pid)
    table.row("memory at rest, all communes loaded", f"{resting:.0f} MB", "under 60 MB", resting < 60)
    before = cpu(parvis.process.pid)
    time.sleep(20)
    table.row("processor at rest", f"{(cpu(parvis.process.pid) - before) / 20 * 100:.2f} % of one core")
    parvis.stop()


def seconds_to_answer(world, parvis):
    began = time.monotonic()
    parvis.start(wait=False)
    while True:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{parvis.base}/nodeinfo/2.1", timeout=5).read()
            return time.monotonic() - began
        if parvis.process.poll() is not None:
            raise RuntimeError(world.log(parvis.name)[-2000:])
        time.sleep(0.002)


# Pages


def pages(table, world):
    table.part("Pages (300 requests per second for 20 s, then as many as go through for 10 s)")
    port = free_port()
    world.start("hello", [TOOLS, "hello", port])
    world.ready("hello", port)
    page(table, "bare axum", f"http://127.0.0.1:{port}/", None)
    world.stop("hello")
    parvis = town(world, "pages")
    page(table, "a commune's page", f"{parvis.base}/eze-06", 20)
    page(table, "a commune nobody has claimed", f"{parvis.base}/nice-06", 20)
    session = signed_in(parvis, "citoyenne-mesure")
    page(table, "a citizen's home page", f"{parvis.base}/eze-06", 20, session)
    page(table, "search for a commune", f"{parvis.base}/communes?q=saint+remy", 20)
    month = full_month(parvis)
    page(table, "a month of 2,000 events", f"{parvis.base}/eze-06/agenda?vue=mois&date={month}", 50)
    page(table, "the list of what comes, of 2,000 events", f"{parvis.base}/eze-06/agenda?vue=liste", 50)
    parvis.stop()


def full_month(parvis):
    """2,000 events in one month, copied from one that was planned as it should be. Gives the month."""
    year = time.gmtime().tm_year + 1
    event = {"title": "Marché aux fleurs", "start": f"{year}-03-01T08:00", "place": {"name": "Place du marché"}}
    mayor = parvis.api("maire-eze")
    made = mayor.post("/api/parvis/v1/communes/06059/events", event)
    parvis.stop()
    with contextlib.closing(sqlite3.connect(parvis.database.removeprefix("sqlite://"))) as database, database:
        database.row_factory = sqlite3.Row
        rows = {
            table: dict(database.execute(f"SELECT * FROM {table} WHERE id = ?", (int(made["id"]),)).fetchone())
            for table in ("agenda_event", "agenda_occurrence")
        }
        for number in range(1, 2000):
            id, day = int(made["id"]) + number, number % 31 + 1
            start, end = (f"{year}-03-{day:02}T{hour:02}:00:00" for hour in (8 + number % 12, 9 + number % 12))
            at = rows["agenda_occurrence"]["starts_at"] + ((day - 1) * 24 + number % 12) * HOUR
            changes = {"id": id, "event_id": id, "uri": f"{made['uri']}-{number}", "day": start[:10]}
            changes |= {"rule_local": start, "starts_local": start, "ends_local": end}
            changes |= {"starts_at": at, "ends_at": at + HOUR, "title": f"Rendez-vous numéro {number}"}
            for table, row in rows.items():
                copy = {name: changes.get(name, value) for name, value in row.items()}
                marks = ", ".join("?" * len(copy))
                database.execute(f"INSERT INTO {table} ({', '.join(copy)}) VALUES ({marks})", tuple(copy.values()))
    parvis.start()
    return f"{year}-03"


def page(table, what, url, aim, *headers):
    steady = tool("load", url, 300, 20, 32, *headers)
    full = tool("load", url, 0, 10, 32, *headers)
    if steady["failures"] or full["failures"]:
        raise RuntimeError(f"{url}: not 200: {steady} {full}")
    size = steady["bytes"] / 1024
    figure = f"p50 {steady['p50_ms']:.1f} ms, p99 {steady['p99_ms']:.1f} ms; at most {full['per_second']:.0f}/s ({size:.0f} KiB)"
    if aim:
        table.row(what, figure, f"p99 under {aim} ms", steady["p99_ms"] < aim)
    else:
        table.row(what, figure)


def town(world, name, **settings):
    """A server with a mayor who has published for a while."""
    parvis = Parvis(world, name, PARVIS_FEDERATION__INBOX_PER_MINUTE="0", **settings).start()
    parvis.stop()
    parvis.claim()
    parvis.start()
    mayor = parvis.api("maire-eze")
    for number in range(30):
        mayor.publish(f"Annonce numéro {number}.\n\n" + "La salle des fêtes sera fermée jeudi matin. " * 12)
    return parvis


def signed_in(parvis, name):
    """The cookies of a citizen of Èze who has just signed in."""
    import http.cookiejar
    import urllib.parse

    parvis.account(name)
    parvis.set_password(name, "un mot de passe de mesure")
    cookies = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(cookies), urllib.request.ProxyHandler({})
    )
    form = opener.open(f"{parvis.base}/connexion").read().decode()
    secret = re.search(r'name="csrf" value="([^"]+)"', form)[1]
    values = {"csrf": secret, "email": f"{name}@example.org", "password": "un mot de passe de mesure"}
    opener.open(f"{parvis.base}/connexion", urllib.parse.urlencode(values).encode()).read()
    return "Cookie: " + "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)


# Deliveries


class Sink:
    """Hosts that take everything."""

    def __init__(self, world, name, certificates=None):
        self.port = free_port("127.16.0.1")
        self.scheme = "https" if certificates else "http"
        command = [TOOLS, "sink", self.port, HOSTS, *([certificates] if certificates else [])]
        self.process = world.start(name, command)
        world.ready(name, self.port - 1)

    def ask(self, order=""):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port - 1}/{order}", timeout=10) as answer:
            return json.load(answer)

    def origin(self, host):
        return f"{self.scheme}://{address(host)}:{self.port}"


def address(host):
    return f"127.16.{host // 200}.{host % 200 + 1}"


def certificates(world):
    """One for each host, as servers have them."""
    folder = world.folder / "certificates"
    folder.mkdir()

    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, cwd=folder)

    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Bench CA")
    openssl("req", *curve, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=bench")
    for host in range(HOSTS):
        (folder / "leaf.ext").write_text(f"subjectAltName=IP:{address(host)}\nbasicConstraints=CA:FALSE\n")
        openssl(
            "x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", host + 1,
            "-out", f"{address(host)}.pem", "-days", "2", "-extfile", "leaf.ext",
        )  # fmt: skip
    return folder


def followers(parvis, sink, shared):
    """Writes the followers into the database of a server that stands still."""
    path = parvis.database.removeprefix("sqlite://")
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        (mayor,) = database.execute(
            "SELECT id FROM federation_actor WHERE local AND handle = 'maire-eze'"
        ).fetchone()
        now = int(time.time() * 1000)
        for table in ("federation_follow", "federation_delivery", "federation_lane"):
            database.execute(f"DELETE FROM {table}")
        database.execute("DELETE FROM federation_actor WHERE NOT local")
        for number in range(FOLLOWERS):
            origin = sink.origin(number % HOSTS)
            uri, id = f"{origin}/users/{number}", ((now - HOUR) << 16) + number
            database.execute(
                "INSERT INTO federation_actor (id, uri, local, kind, handle, host, inbox, shared_inbox, federated,"
                " created_at, updated_at, fetched_at, origin, inbox_lane, shared_lane)"
                " VALUES (?, ?, 0, 'Person', ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?)",
                (
                    id, uri, f"u{number}", origin.split("//")[1], f"{uri}/inbox",
                    f"{origin}/inbox" if shared else None, now, now, now, origin, origin, origin if shared else None,
                ),
            )  # fmt: skip
            database.execute(
                "INSERT INTO federation_follow (follower_id, followee_id, uri, accepted, created_at, id)"
                " VALUES (?, ?, ?, 1, ?, ?)",
                (id, mayor, f"{uri}/follow", now, id),
            )


class Delivered:
    """One post on its way to everybody."""

    def __init__(self, parvis, sink, count, posts=1):
        mayor, server = parvis.api("maire-eze"), parvis.process.pid
        before = sink.ask("reset") and (cpu(server), cpu(sink.process.pid))
        with Watch(server) as watch:
            for number in range(posts):
                mayor.publish(f"Mesure {number}, {time.time()}")
            end = time.monotonic() + 180
            while sink.ask()["requests"] < count * posts and time.monotonic() < end:
                time.sleep(0.05)
            waiting = settle(parvis)
        seen = sink.ask()
        if seen["requests"] != count * posts or waiting:
            raise RuntimeError(f"{seen} of {count * posts}, {waiting} wait\n{parvis.log[-2000:]}")
        self.rate = seen["requests"] / max(seen["seconds"], 0.001)
        self.connections = seen["connections"]
        self.server = (cpu(server) - before[0]) / seen["requests"]
        self.sink = (cpu(sink.process.pid) - before[1]) / seen["requests"]
        self.memory = watch.largest


def settle(parvis):
    """Until nothing waits in the database; gives what still does."""
    for _ in range(200):
        ((waiting,),) = parvis.ask("SELECT COUNT(*) FROM federation_delivery")
        if not waiting:
            break
        time.sleep(0.05)
    return waiting


def deliveries(table, world, bare=None):
    bare = bare or tool("sign", CORES, 5)["per_second"]
    folder = certificates(world)
    parvis = Parvis(world, "deliveries", PARVIS_FEDERATION__CA_FILE=str(folder / "ca.pem")).start()
    parvis.stop()
    parvis.claim()
    for title, trust in (("plain HTTP", None), ("TLS", folder)):
        table.part(f"Deliveries by {title} to {HOSTS} hosts, sink on the same {CORES} cores")
        sink = Sink(world, f"sink-{'tls' if trust else 'plain'}", trust)
        followers(parvis, sink, shared=True)
        parvis.start()
        warm_up(parvis)
        new = Delivered(parvis, sink, HOSTS)
        opened = Delivered(parvis, sink, HOSTS, posts=5)
        report(table, "shared inboxes, new connections", new, bare, aim=False)
        report(table, "shared inboxes, open connections", opened, bare, aim=not trust)
        parvis.stop()
        followers(parvis, sink, shared=False)
        parvis.start()
        warm_up(parvis)
        at_rest = memory(parvis.process.pid)
        crowd = Delivered(parvis, sink, FOLLOWERS)
        report(table, f"{FOLLOWERS} inboxes, first post", crowd, bare, aim=False)
        again = Delivered(parvis, sink, FOLLOWERS)
        report(table, f"{FOLLOWERS} inboxes, second post", again, bare, aim=not trust)
        table.row(
            f"memory while delivering to {FOLLOWERS}",
            f"{crowd.memory:.0f} MB, then {again.memory:.0f} MB ({at_rest:.0f} MB before)",
            "flat",
            again.memory < crowd.memory * 1.1 + 5,
        )
        parvis.stop()
        world.stop(f"sink-{'tls' if trust else 'plain'}")


def warm_up(parvis):
    """The pages and words are read, the statements prepared."""
    for _ in range(3):
        parvis.get("/eze-06")
    time.sleep(3)


def report(table, what, done, bare, aim):
    share = done.rate / bare
    figure = (
        f"{done.rate:.0f}/s, {share:.0%} of bare signing; processor per delivery {ms(done.server)}"
        f" + sink {ms(done.sink)}; {done.connections} new connections"
    )
    if aim:
        table.row(what, figure, "60 % of bare signing", share >= 0.6)
    else:
        table.row(what, figure)


# What comes in


def inbox(table, world):
    table.part("Activities received: verified, answered 202 when they are on the disk")
    for synchronous in ("full", "normal"):
        parvis = town(world, f"inbox-{synchronous}", PARVIS_DATABASE__SYNCHRONOUS=synchronous)
        post = parvis.api("maire-eze").publish("Qu'en pensez-vous ?")["uri"]
        before = cpu(parvis.process.pid)
        taken = tool("senders", f"{parvis.base}/inbox", post, 4000, 40, 64)
        if taken["statuses"] != {"202": 4000}:
            raise RuntimeError(f"{taken}\n{parvis.log[-2000:]}")
        began = time.monotonic()
        while time.monotonic() - began < 120:
            if not parvis.ask("SELECT COUNT(*) FROM federation_received WHERE state = 'waiting'")[0][0]:
                break
            time.sleep(0.1)
        used = (cpu(parvis.process.pid) - before) / 4000
        rate, all_in = taken["per_second"], 4000 / (taken["seconds"] + time.monotonic() - began)
        survives = "a power cut" if synchronous == "full" else "kill -9"
        table.row(
            f"SQLite, synchronous = {synchronous} (survives {survives})",
            f"{rate:.0f}/s answered, {all_in:.0f}/s shown as comments; processor {ms(used)} each",
            "1000/s",
            rate >= 1000,
        )
        parvis.stop()


PARTS = {"machine": machine, "start": start, "pages": pages, "deliveries": deliveries, "inbox": inbox}


def main(wanted):
    table, bare = Table(), None
    for name in wanted or PARTS:
        with World(f"bench-{name}") as world:
            if name == "deliveries":
                deliveries(table, world, bare)
            else:
                found = PARTS[name](table, world)
                bare = found or bare
    print(table.markdown())


if __name__ == "__main__":
    main(sys.argv[1:])
