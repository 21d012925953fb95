"""Obeys JSON orders on 127.0.0.1:PORT by using bovine's client API as an app would.

    control.py PORT DOMAIN SECRET

The account itself lives in bovine-herd, which signs and delivers what the client posts to
its outbox. bovine does not accept follows by itself, so the order `accept` does. What it holds
is read from its database: bovine's own proxy cannot show two objects together whose contexts
name a key in two ways.
"""

import json
import sqlite3
import sys

from aiohttp import web
from bovine import BovineClient
from bovine.clients import lookup_uri_with_webfinger

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


class Orders:
    def __init__(self, client):
        self.client = client
        self.sent = {}

    async def _send(self, kind, to, **fields):
        activity = {
            "@context": "https://www.w3.org/ns/activitystreams",
            "type": kind,
            "actor": self.client.actor_id,
            "to": [to],
            **fields,
        }
        response = await self.client.send_to_outbox(activity)
        response.raise_for_status()
        activity["id"] = response.headers["location"]
        self.sent[activity["id"]] = activity
        target = held(activity["id"]).get("object")
        return {"id": activity["id"], "object": target if isinstance(target, str) else target.get("id")}

    async def lookup(self, uri):
        """By handle through WebFinger, then a signed GET by bovine-herd."""
        if uri.startswith("acct:"):
            uri, _ = await lookup_uri_with_webfinger(self.client.session, uri)
        return await self.client.proxy(uri)

    async def follow(self, to):
        return await self._send("Follow", to, object=to)

    async def like(self, to, object):
        return await self._send("Like", to, object=object)

    async def join(self, to, object):
        return await self._send("Join", to, object=object)

    async def leave(self, to, object):
        return await self._send("Leave", to, object=object)

    async def announce(self, to, object):
        return await self._send("Announce", PUBLIC, object=object, cc=[to])

    async def undo(self, to, activity):
        return await self._send("Undo", to, object=activity)

    async def accept(self, to, follow):
        return await self._send("Accept", to, object=follow)

    async def note(self, to, content, inReplyTo=None):
        note = {
            "type": "Note",
            "attributedTo": self.client.actor_id,
            "content": content,
            "to": [PUBLIC],
            "cc": [to],
        }
        if inReplyTo:
            note["inReplyTo"] = inReplyTo
        return await self._send("Create", PUBLIC, object=note, cc=[to])

    async def direct(self, to, content, inReplyTo=None):
        note = {"type": "Note", "attributedTo": self.client.actor_id, "content": content, "to": [to]}
        if inReplyTo:
            note["inReplyTo"] = inReplyTo
        return await self._send("Create", to, object=note)

    async def topic(self, to, content):
        """A topic of a public group."""
        note = {
            "type": "Note",
            "attributedTo": self.client.actor_id,
            "content": content,
            "to": [PUBLIC, to],
            "audience": to,
        }
        return await self._send("Create", PUBLIC, object=note, cc=[to])

    async def vote(self, to, inReplyTo, name):
        note = {"type": "Note", "attributedTo": self.client.actor_id, "name": name, "to": [to], "inReplyTo": inReplyTo}
        return await self._send("Create", to, object=note)

    async def state(self):
        info = self.client.information

        async def items(name):
            return [x async for x in self.client.collection_helper(info[name], resolve=False)]

        inbox = []
        for id in await items("inbox"):
            activity = held(id)
            about = activity.get("object")
            inbox.append({**activity, "object": (held(about) if isinstance(about, str) else None) or about})
        return {
            "actor": self.client.actor_id,
            "followers": await items("followers"),
            "following": await items("following"),
            "received": inbox,
        }


def held(id):
    """An object as bovine stored it; it stores each object of a document by itself."""
    with sqlite3.connect("file:bovine.sqlite3?mode=ro", uri=True) as database:
        row = database.execute("SELECT content FROM storedjsonobject WHERE id = ?", [id]).fetchone()
    return json.loads(row[0]) if row else {}


async def main(domain, secret):
    client = BovineClient(domain=domain, secret=secret)
    await client.init()
    orders = Orders(client)

    async def obey(request):
        wanted = json.loads(await request.text())
        return web.json_response(await getattr(orders, wanted.pop("order"))(**wanted))

    app = web.Application()
    app.router.add_post("/", obey)
    return app


if __name__ == "__main__":
    port, domain, secret = sys.argv[1:]
    web.run_app(main(domain, secret), host="127.0.0.1", port=int(port), print=None)
