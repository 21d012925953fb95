"""What all measurements share: the table, the tools, a server with something to show, hosts that take everything."""

import contextlib
import json
import os
import pathlib
import random
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.parvis import Parvis  # noqa: E402
from support.postgres import Postgres  # noqa: E402

TOOLS = os.environ["PARVIS_BENCH"]
CORES = os.cpu_count()
TICKS = os.sysconf("SC_CLK_TCK")
HOUR = 3_600_000
HOSTS = 1000
# Of steady requests for one page, and half as many of full load.
SECONDS = int(os.environ.get("PARVIS_BENCH_SECONDS", "20"))


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


# Databases


def engines(world):
    """The databases to measure on: a name, and how to make an empty one."""
    yield "SQLite", lambda name: None
    if not list(pathlib.Path("/usr/lib/postgresql").glob("*/bin")):
        print("  (no PostgreSQL is installed)", flush=True)
        return
    # Synced as in earnest.
    server = Postgres(world, fsync="on")
    yield "PostgreSQL", server.database


def row_of(parvis, table, id):
    """One row as a dictionary."""
    if parvis.database.startswith("postgres"):
        ((text,),) = parvis.ask(f"SELECT row_to_json(t) FROM {table} t WHERE id = {id}")
        return json.loads(text)
    with contextlib.closing(sqlite3.connect(parvis.database.removeprefix("sqlite://"))) as database:
        database.row_factory = sqlite3.Row
        return dict(database.execute(f"SELECT * FROM {table} WHERE id = ?", (id,)).fetchone())


def insert(parvis, table, rows):
    """Writes rows past the server, which stands still."""
    if not rows:
        return
    names = ", ".join(rows[0])
    parts = []
    for start in range(0, len(rows), 500):
        values = ",\n".join("(" + ", ".join(map(literal, row.values())) + ")" for row in rows[start : start + 500])
        parts.append(f"INSERT INTO {table} ({names}) VALUES {values};\n")
    write(parvis, "BEGIN;\n" + "".join(parts) + "COMMIT;\n")


def write(parvis, sql):
    if parvis.database.startswith("postgres"):
        done = subprocess.run(
            ["psql", "-q", "-v", "ON_ERROR_STOP=1", parvis.database, "-f", "-"],
            input=sql + "ANALYZE;", capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
    else:
        with contextlib.closing(sqlite3.connect(parvis.database.removeprefix("sqlite://"))) as database, database:
            database.executescript(sql)


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, bytes):
        return f"X'{value.hex()}'"
    if isinstance(value, (int, float)):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


# Pages


def page(table, what, url, aim, *headers, rate=300):
    """Steady requests, then as many as go through."""
    steady = tool("load", url, rate, SECONDS, 32, *headers)
    full = tool("load", url, 0, SECONDS // 2, 32, *headers)
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


# Other servers


def port_after_a_free_one():
    """For the hosts, and the one before it for questions. Below those the system gives to clients: a thousand
    connections of the part before may still hold one of these."""
    for port in random.sample(range(20_001, 32_000, 2), 100):
        with socket.socket() as hosts, socket.socket() as questions:
            try:
                hosts.bind(("127.16.0.1", port))
                questions.bind(("127.0.0.1", port - 1))
            except OSError:
                continue
            return port
    raise RuntimeError("no two free ports")


class Sink:
    """Hosts that take everything."""

    def __init__(self, world, name, certificates=None, hosts=HOSTS):
        self.port = port_after_a_free_one()
        self.scheme = "https" if certificates else "http"
        command = [TOOLS, "sink", self.port, hosts, *([certificates] if certificates else [])]
        self.process = world.start(name, command)
        world.ready(name, self.port - 1)

    def ask(self, order=""):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port - 1}/{order}", timeout=10) as answer:
            return json.load(answer)

    def origin(self, host):
        return f"{self.scheme}://{address(host)}:{self.port}"


def address(host):
    return f"127.16.{host // 200}.{host % 200 + 1}"


def settle(parvis):
    """Until nothing waits in the database; gives what still does."""
    for _ in range(200):
        ((waiting,),) = parvis.ask("SELECT COUNT(*) FROM federation_delivery")
        if not int(waiting):
            break
        time.sleep(0.05)
    return int(waiting)


def warm_up(parvis):
    """The pages and words are read, the statements prepared."""
    for _ in range(3):
        parvis.get("/eze-06")
    time.sleep(3)
