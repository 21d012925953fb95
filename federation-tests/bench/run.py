#!/usr/bin/env python3
"""Puts the measurements together: `run` builds what they need and calls this."""

import contextlib
import os
import pathlib
import platform
import re
import sqlite3
import subprocess
import sys
import time
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import civic  # noqa: E402
from measure import (  # noqa: E402
    CORES, HOSTS, HOUR, SECONDS, TOOLS, Sink, Table, Watch, address, cpu, memory, ms, page, settle, signed_in, tool, town,
    warm_up,
)  # fmt: skip
from support.parvis import Parvis, binary  # noqa: E402
from support.world import World, free_port  # noqa: E402

FOLLOWERS = 10_000


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
    table.part(f"Pages (300 requests per second for {SECONDS} s, then as many as go through for {SECONDS // 2} s)")
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
    parvis.stop()


# Deliveries


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
                "INSERT INTO federation_follow (follower_id, followee_id, uri, canonical, accepted, created_at, id)"
                " VALUES (?, ?, ?, ?, 1, ?, ?)",
                (id, mayor, f"{uri}/follow", f"{uri}/follow", now, id),
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


PARTS = {
    "machine": machine, "start": start, "pages": pages, "deliveries": deliveries, "inbox": inbox, **civic.PARTS,
}  # fmt: skip


def main(wanted):
    table, bare = Table(), None
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        sys.exit(f"there is no part {', '.join(unknown)}: {', '.join(PARTS)}")
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
