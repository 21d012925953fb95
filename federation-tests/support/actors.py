"""Servers that exist only to be fetched from and delivered to, as well- or ill-behaved as
a trial wants: many addresses of the loopback range in one thread, every request recorded.
"""

import asyncio
import dataclasses
import itertools
import json
import logging
import threading
import time

from . import signer

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]
RSA_KEYS = []
# That a peer hangs up on a bomb is what we want to see.
logging.getLogger("asyncio").setLevel(logging.CRITICAL)


def rsa_key(number=0):
    """A few keys shared by all trials: making one costs a tenth of a second."""
    while len(RSA_KEYS) <= number:
        RSA_KEYS.append(signer.Key())
    return RSA_KEYS[number]


@dataclasses.dataclass
class Answer:
    """What a fake server says. `body` may be a list of (seconds to wait, bytes)."""

    status: int = 200
    body: object = b""
    headers: dict = dataclasses.field(default_factory=dict)
    kind: str = signer.ACTIVITY


@dataclasses.dataclass
class Seen:
    method: str
    path: str
    headers: dict
    body: bytes
    at: float

    @property
    def json(self):
        return json.loads(self.body)


class Net:
    """The thread in which the fake servers answer."""

    def __init__(self, world):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.hosts = []
        self._addresses = (f"127.44.{a}.{b}" for a, b in itertools.product(range(2, 250), range(1, 250)))
        world.at_end(self._close)

    def host(self, address=None, port=0, tls=None):
        host = Host(self, address or next(self._addresses))
        asyncio.run_coroutine_threadsafe(host.open(port, tls), self.loop).result(10)
        self.hosts.append(host)
        return host

    def _close(self):
        async def end():
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)


class Host:
    """One origin. `routes[path]` is an Answer, a value to send as JSON, or a function of Seen."""

    def __init__(self, net, address):
        self.net = net
        self.address = address
        self.routes = {}
        self.seen = []
        self.default = Answer(404)
        self.server = None
        self.talks = set()

    async def open(self, port, tls=None):
        self.server = await asyncio.start_server(self._talk, self.address, port, ssl=tls)
        self.port = self.server.sockets[0].getsockname()[1]
        self.base = f"{'https' if tls else 'http'}://{self.address}:{self.port}"

    def close(self):
        """Goes down: connections are cut, and refused until `reopen`."""

        async def close():
            self.server.close()
            for writer in list(self.talks):
                writer.close()

        asyncio.run_coroutine_threadsafe(close(), self.net.loop).result(10)

    def reopen(self):
        asyncio.run_coroutine_threadsafe(self.open(self.port), self.net.loop).result(10)

    def fetches(self, path=None):
        return [x for x in list(self.seen) if x.method == "GET" and path in (None, x.path)]

    def deliveries(self, path=None):
        return [x for x in list(self.seen) if x.method == "POST" and path in (None, x.path)]

    def serve(self, path, value):
        """Publishes a value (its `id` is added) and says its address."""
        value.setdefault("id", self.base + path)
        self.routes[path] = value
        return value["id"]

    async def _talk(self, reader, writer):
        self.talks.add(writer)
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass
        finally:
            self.talks.discard(writer)
            writer.close()

    async def _exchange(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        method, path, _version = first.split(" ")
        headers = {}
        for line in filter(None, lines):
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        seen = Seen(method, path, headers, body, time.monotonic())
        self.seen.append(seen)
        answer = self.routes.get(path, self.default)
        if callable(answer):
            answer = answer(seen)
        if not isinstance(answer, Answer):
            answer = Answer(body=answer if isinstance(answer, bytes) else json.dumps(answer).encode())
        return await self._say(writer, answer)

    async def _say(self, writer, answer):
        whole = isinstance(answer.body, bytes)
        headers = {"Content-Type": answer.kind, **answer.headers}
        headers["Content-Length" if whole else "Connection"] = str(len(answer.body)) if whole else "close"
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 {answer.status} Trial\r\n{lines}\r\n".encode())
        for wait, part in [(0, answer.body)] if whole else answer.body:
            await asyncio.sleep(wait)
            writer.write(part)
            await writer.drain()
        return whole


class Actor:
    """Somebody on a fake server, with a key, an inbox that answers 202, and a pen."""

    def __init__(self, host, name="paul", key=None, shared_inbox=True, **more):
        self.host, self.name = host, name
        self.key = key or rsa_key()
        self.id = f"{host.base}/users/{name}"
        self.key_id = f"{self.id}#main-key"
        self.inbox = f"/users/{name}/inbox"
        self.document = {
            "@context": CONTEXT,
            "id": self.id,
            "type": "Person",
            "preferredUsername": name,
            "name": name.title(),
            "inbox": host.base + self.inbox,
            "outbox": f"{self.id}/outbox",
            "followers": f"{self.id}/followers",
            "publicKey": {"id": self.key_id, "owner": self.id, "publicKeyPem": self.key.pem()},
            **more,
        }
        if shared_inbox:
            self.document["endpoints"] = {"sharedInbox": f"{host.base}/inbox"}
        host.routes[f"/users/{name}"] = lambda _seen: self.document
        host.routes[self.inbox] = Answer(202)
        host.routes.setdefault("/inbox", Answer(202))
        authority = f"{host.address}:{host.port}"

        def finger(_seen):
            links = [{"rel": "self", "type": signer.ACTIVITY, "href": self.id}]
            found = {"subject": f"acct:{name}@{authority}", "links": links}
            return Answer(body=json.dumps(found).encode(), kind="application/jrd+json")

        host.routes[f"/.well-known/webfinger?resource=acct%3A{name}%40{authority.replace(':', '%3A')}"] = finger
        host.routes[f"/.well-known/webfinger?resource=acct:{name}@{authority}"] = finger

    _serial = itertools.count(1)

    def activity(self, kind, object, **more):
        return {
            "@context": CONTEXT,
            "id": f"{self.host.base}/activities/{next(self._serial)}",
            "type": kind,
            "actor": self.id,
            "object": object,
            **more,
        }

    def note(self, content, in_reply_to=None, **more):
        """A public note, served at its id as well."""
        path = f"/notes/{next(self._serial)}"
        note = {
            "@context": CONTEXT,
            "type": "Note",
            "attributedTo": self.id,
            "content": content,
            "to": [PUBLIC],
            "cc": [f"{self.id}/followers"],
            "published": now(),
            **({"inReplyTo": in_reply_to} if in_reply_to else {}),
            **more,
        }
        self.host.serve(path, note)
        return note

    def create(self, note, **more):
        return self.activity("Create", note, to=note["to"], cc=note.get("cc", []), **more)

    def signed(
        self,
        inbox,
        activity,
        scheme=signer.cavage,
        key=None,
        key_id=None,
        content_type=signer.ACTIVITY,
        date=None,
        **how,
    ):
        """A signed POST of an activity (a value, or bytes as they are)."""
        body = activity if isinstance(activity, bytes) else json.dumps(activity, ensure_ascii=False).encode()
        request = signer.request("POST", inbox, body, content_type, date)
        return scheme(request, key or self.key, key_id or self.key_id, **how)

    def post(self, inbox, activity, ca=None, **how):
        """Sends it and says the status."""
        return self.signed(inbox, activity, **how).send(ca)[0]


def now(offset=0):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + offset))
