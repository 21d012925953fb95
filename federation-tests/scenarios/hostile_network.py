"""Slow peers, bombs, redirects, and names that lead to private addresses.

Runs in a network of its own where the private addresses are ours: a server that can be led
there is seen calling, and nothing leaves the machine.
"""

import gzip
import time

from support.actors import Actor, Answer, rsa_key
from support.siege import Siege

PRIVATE = {
    "10.0.0.7": "a private address",
    "172.16.0.7": "a private address",
    "192.168.1.1": "a home router",
    "169.254.169.254": "a cloud's metadata",
    "100.64.0.7": "a carrier's address",
    "198.18.0.7": "a benchmark address",
}
REFUSED = range(400, 500)
PATIENCE = 45


def run(world, see):
    world.isolate(*(f"{address}/32" for address in PRIVATE))
    world.names({"prive.test": "10.0.0.7", "nuage.test": "169.254.169.254"})
    siege = Siege(world, see)
    private_addresses(siege)
    redirects(siege)
    bombs(siege)
    slow(siege)
    siege.ends()


def stranger(siege, answer, name="inconnu"):
    """An actor never seen, whose document is whatever the trial wants."""
    actor = Actor(siege.net.host(), name, key=rsa_key(3))
    actor.host.routes[f"/users/{name}"] = answer
    return actor


def message(siege, actor, **how):
    return lambda: actor.post(siege.inbox, actor.create(siege.reply(actor, "Hostile")), **how)


def private_addresses(siege):
    trap = {address: siege.net.host(address, 8080) for address in PRIVATE}
    for address, what in PRIVATE.items():
        actor = Actor(siege.net.host(), "leurre")
        actor.key_id = f"{trap[address].base}/users/leurre#main-key"
        siege.attack(f"a key at {what} ({address})", message(siege, actor), 401)
        siege.attack(
            f"a redirect to {what}",
            message(siege, stranger(siege, Answer(302, headers={"Location": trap[address].base}))),
            401,
        )
    for name, address in (("prive.test", "10.0.0.7"), ("nuage.test", "169.254.169.254")):
        actor = Actor(siege.net.host(), "leurre")
        actor.key_id = f"http://{name}:8080/users/leurre#main-key"
        siege.attack(f"a key at a name that leads to {address}", message(siege, actor), 401)
    for spelling in (
        "0.0.0.0",
        "[::ffff:10.0.0.7]",
        "167772167",
        "0x0a000007",
        "10.7",
        "012.0.0.7",
        "[64:ff9b::a00:7]",
    ):
        actor = Actor(siege.net.host(), "leurre")
        actor.key_id = f"http://{spelling}:8080/users/leurre#main-key"
        siege.attack(f"a key at {spelling}", message(siege, actor), 401)
    for scheme in (
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "gopher://127.0.0.1/x",
        "data:application/activity+json,x",
        "unix:/x",
    ):
        actor = Actor(siege.net.host(), "leurre")
        actor.key_id = scheme
        siege.attack(f"a key at {scheme}", message(siege, actor), REFUSED)
    metadata = trap["169.254.169.254"].base
    for what, more in (
        ("a picture", {"attachment": [{"type": "Image", "mediaType": "image/png", "url": f"{metadata}/p.png"}]}),
        ("a link", {"content": f'<p>Voir <a href="{metadata}/x">ici</a></p>'}),
        (
            "an emoji",
            {"tag": [{"type": "Emoji", "name": ":x:", "icon": {"type": "Image", "url": f"{metadata}/e.png"}}]},
        ),
        ("a mention", {"tag": [{"type": "Mention", "href": f"{metadata}/users/x", "name": "@x"}]}),
    ):
        note = {**siege.reply(siege.paul, "privé"), **more}
        status = siege.paul.post(siege.inbox, siege.paul.create(note))
        siege.see(f"{status}: {what} at a private address", status in (202, *REFUSED))
    citizen = siege.parvis.api("citoyenne")
    for address in ("http://10.0.0.7:8080/x", "https://prive.test/x", "x@prive.test:8080", "x@169.254.169.254:8080"):
        found = citizen.call("GET", f"/api/v2/search?resolve=true&q={address}")
        siege.see(f"{found.status}: a search for {address}", found.status < 500)
    siege.quiet()
    called = {address: len(host.seen) for address, host in trap.items() if host.seen}
    siege.see.equal("not one private address was called", called, {})


def redirects(siege):
    loop = stranger(siege, None)
    loop.host.routes["/users/inconnu"] = Answer(302, headers={"Location": loop.id})
    siege.attack("a redirect to itself", message(siege, loop), 401)
    siege.see("it was followed a few times at most", len(loop.host.fetches()) <= 10, len(loop.host.fetches()))
    chain = stranger(siege, Answer(302, headers={"Location": "/1"}))
    chain.host.routes.update({f"/{n}": Answer(302, headers={"Location": f"/{n + 1}"}) for n in range(1, 40)})
    siege.attack("forty redirects", message(siege, chain), 401)
    elsewhere = stranger(siege, Answer(302, headers={"Location": siege.paul.id}))
    siege.attack("a redirect to somebody else's document", message(siege, elsewhere), 401)
    for target in ("file:///etc/passwd", "javascript:alert(1)", "//", "http://", "\\\\x", ""):
        away = stranger(siege, Answer(302, headers={"Location": target}))
        siege.attack(f"a redirect to {target!r}", message(siege, away), 401)


def bombs(siege):
    zeros = gzip.compress(b" " * 300_000_000, 9)
    packed = stranger(siege, Answer(body=zeros, headers={"Content-Encoding": "gzip"}))
    memory = memory_of(siege)
    siege.attack("a document of 300 MB in 300 kB", message(siege, packed), 401)
    nested = stranger(siege, Answer(body=gzip.compress(zeros), headers={"Content-Encoding": "gzip, gzip"}))
    siege.attack("one packed twice", message(siege, nested), 401)
    endless = stranger(siege, Answer(body=[(0, b" " * 100_000)] * 2_000))
    siege.attack("a document of 200 MB", message(siege, endless), 401)
    deep = stranger(siege, Answer(body=b'{"a":' * 50_000))
    siege.attack("a document 50,000 deep", message(siege, deep), 401)
    heads = stranger(siege, Answer(headers={f"X-{n}": "x" * 8_000 for n in range(200)}))
    siege.attack("two hundred large headers", message(siege, heads), 401)
    grown = memory_of(siege) - memory
    siege.see("memory did not follow the bombs", grown < 120_000, f"{grown} kB more")


def memory_of(siege):
    """Resident kilobytes of the server."""
    with open(f"/proc/{siege.parvis.process.pid}/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def slow(siege):
    drip = stranger(siege, Answer(body=[(1, b" ")] * 600))
    started = time.monotonic()
    siege.attack("a document of a byte a second", message(siege, drip), 401)
    siege.see("the sender had its answer in time", time.monotonic() - started < PATIENCE, time.monotonic() - started)
    silent = stranger(siege, Answer(body=[(600, b" ")]))
    siege.attack("a document that never comes", message(siege, silent), 401)
    wrong = stranger(siege, Answer(body=b'{"id":"x"}', kind="text/html"))
    siege.attack("a document as text/html", message(siege, wrong), 401)
    upload = stranger(siege, Answer(body=b"{}", kind="application/json"))
    siege.attack("a document as application/json", message(siege, upload), 401)
    for status in (204, 206, 304, 400, 404, 410, 429, 500, 503):
        siege.attack(f"a key that answers {status}", message(siege, stranger(siege, Answer(status))), 401)
