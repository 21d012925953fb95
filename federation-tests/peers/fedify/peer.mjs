// A small server made with Fedify, steered by the tests.
//
//   node peer.mjs HOST USER LISTEN CONTROL [only-rfc9421]
//
// Federates as https://HOST/users/USER behind the proxy, which talks to LISTEN; obeys JSON
// orders sent to CONTROL (both 127.0.0.1:PORT). All that federates is Fedify's own work;
// this file says what to send and remembers what came. With `only-rfc9421` it answers 401
// to draft-cavage, like a server that has left the draft behind.
import { createServer } from "node:http";
import { once } from "node:events";
import { Temporal } from "@js-temporal/polyfill";
import { createFederation, generateCryptoKeyPair, MemoryKvStore } from "@fedify/fedify";
import {
  Accept, Activity, Announce, Create, Delete, Endpoints, Follow, Join, Leave, Like, Mention, Note,
  Person, PUBLIC_COLLECTION, Reject, Tombstone, Undo, Update,
} from "@fedify/vocab";

const [host, user, listen, control, only] = process.argv.slice(2);
const origin = `https://${host}`;
const followers = new Map(), following = new Set(), sent = new Map(), notes = new Map();
const received = [], events = new Map(), joins = new Map();
let serial = 0;

const federation = createFederation({ kv: new MemoryKvStore(), origin, allowPrivateAddress: true });
const keys = [await generateCryptoKeyPair("RSASSA-PKCS1-v1_5"), await generateCryptoKeyPair("Ed25519")];

federation.setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
  if (identifier !== user) return null;
  const pairs = await ctx.getActorKeyPairs(identifier);
  return new Person({
    id: ctx.getActorUri(identifier), preferredUsername: identifier, name: `${identifier} (Fedify)`,
    inbox: ctx.getInboxUri(identifier), followers: ctx.getFollowersUri(identifier),
    endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
    publicKey: pairs[0].cryptographicKey, assertionMethods: pairs.map((pair) => pair.multikey),
  });
}).setKeyPairsDispatcher(() => keys);
federation.setFollowersDispatcher("/users/{identifier}/followers", () => ({ items: [...followers.values()] }));
federation.setObjectDispatcher(Note, "/notes/{id}", (_ctx, { id }) => notes.get(id) ?? null);
federation.setNodeInfoDispatcher("/nodeinfo/2.1", () => ({
  software: { name: "fedify-peer", version: "1.0.0" }, protocols: ["activitypub"],
  usage: { users: { total: 1 }, localPosts: notes.size, localComments: 0 },
}));

const remember = async (activity) => received.push(await activity.toJsonLd({ format: "compact" }).catch(() => ({})));
federation.setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .setSharedKeyDispatcher(() => ({ identifier: user }))
  .on(Follow, async (ctx, follow) => {
    await remember(follow);
    const follower = await follow.getActor(ctx);
    followers.set(follower.id.href, follower);
    await ctx.sendActivity({ identifier: user }, follower,
      new Accept({ id: new URL(`${origin}/accepts/${++serial}`), actor: ctx.getActorUri(user), object: follow }));
  })
  .on(Accept, async (_ctx, accept) => { await remember(accept); following.add(accept.actorId.href); })
  .on(Undo, async (ctx, undo) => {
    await remember(undo);
    if (await undo.getObject(ctx) instanceof Follow) followers.delete(undo.actorId.href);
  })
  .on(Join, async (_ctx, join) => { await remember(join); joins.set(join.id.href, join); })
  .on(Activity, async (_ctx, activity) => { await remember(activity); });

/** Signs and sends one activity about `object` to the actor `to`, and to our followers if public. */
async function send(ctx, Kind, to, fields) {
  const activity = new Kind({ id: new URL(`${origin}/activities/${++serial}`), actor: ctx.getActorUri(user), ...fields });
  const person = await ctx.lookupObject(to, { documentLoader: await ctx.getDocumentLoader({ identifier: user }) });
  await ctx.sendActivity({ identifier: user }, person, activity);
  sent.set(activity.id.href, activity);
  return { id: activity.id.href, object: activity.objectId?.href };
}

const orders = {
  lookup: async (ctx, { uri }) => {
    const loader = await ctx.getDocumentLoader({ identifier: user });
    const found = await ctx.lookupObject(uri, { documentLoader: loader });
    return found ? await found.toJsonLd({ format: "compact", contextLoader: ctx.contextLoader }) : null;
  },
  follow: (ctx, { to }) => send(ctx, Follow, to, { object: new URL(to), to: new URL(to) }),
  like: (ctx, { to, object }) => send(ctx, Like, to, { object: new URL(object), to: new URL(to) }),
  announce: (ctx, { to, object }) => send(ctx, Announce, to, {
    object: new URL(object), to: PUBLIC_COLLECTION, cc: new URL(to),
    published: Temporal.Now.instant(),
  }),
  join: (ctx, { to, object }) => send(ctx, Join, to, { object: new URL(object), to: new URL(to) }),
  leave: (ctx, { to, object }) => send(ctx, Leave, to, { object: new URL(object), to: new URL(to) }),
  // An event that takes people; as JSON, since Fedify has no word for `joinMode`.
  event: (_ctx, { name, joinMode }) => {
    const id = `${origin}/events/${++serial}`;
    events.set(new URL(id).pathname, {
      "@context": "https://www.w3.org/ns/activitystreams", id, type: "Event", name, joinMode, attributedTo: `${origin}/users/${user}`,
      to: [PUBLIC_COLLECTION.href], content: "<p>Venez !</p>", published: "2026-11-01T08:00:00Z",
      startTime: "2030-06-21T20:00:00+02:00", endTime: "2030-06-21T23:00:00+02:00", timezone: "Europe/Paris",
      location: { type: "Place", name: "Le port" },
    });
    return { object: id };
  },
  // Accepts or rejects a Join that came.
  answer: (ctx, { join, accepts }) => {
    const asked = joins.get(join);
    return send(ctx, accepts ? Accept : Reject, asked.actorId.href, { object: asked, to: asked.actorId });
  },
  undo: (ctx, { to, activity }) => send(ctx, Undo, to, { object: sent.get(activity), to: new URL(to) }),
  note: (ctx, { to, inReplyTo, content }) => {
    const id = String(++serial);
    const note = new Note({
      id: new URL(`${origin}/notes/${id}`), attribution: ctx.getActorUri(user), content,
      to: PUBLIC_COLLECTION, cc: new URL(to), published: Temporal.Now.instant(),
      replyTarget: inReplyTo ? new URL(inReplyTo) : null, tags: [new Mention({ href: new URL(to), name: "@mairie" })],
    });
    notes.set(id, note);
    return send(ctx, Create, to, { object: note, to: PUBLIC_COLLECTION, cc: new URL(to) });
  },
  vote: (ctx, { to, inReplyTo, name }) => {
    const note = new Note({
      id: new URL(`${origin}/votes/${++serial}`), attribution: ctx.getActorUri(user), name,
      to: new URL(to), replyTarget: new URL(inReplyTo),
    });
    return send(ctx, Create, to, { object: note, to: new URL(to) });
  },
  direct: (ctx, { to, inReplyTo, content }) => {
    const id = String(++serial);
    const note = new Note({
      id: new URL(`${origin}/notes/${id}`), attribution: ctx.getActorUri(user), content, to: new URL(to),
      published: Temporal.Now.instant(), replyTarget: inReplyTo ? new URL(inReplyTo) : null,
      tags: [new Mention({ href: new URL(to), name: "@mairie" })],
    });
    return send(ctx, Create, to, { object: note, to: new URL(to) });
  },
  // A topic of the group `to`; for its members only if `members`, then an answer names what it answers.
  topic: (ctx, { to, name, content, members, inReplyTo }) => {
    const id = String(++serial);
    const readers = members ? [new URL(to)] : [PUBLIC_COLLECTION, new URL(to)];
    const note = new Note({
      id: new URL(`${origin}/notes/${id}`), attribution: ctx.getActorUri(user), name, content, tos: readers,
      audience: new URL(to), published: Temporal.Now.instant(), replyTarget: inReplyTo ? new URL(inReplyTo) : null,
    });
    if (!members) notes.set(id, note);
    return send(ctx, Create, to, { object: note, tos: readers, audience: new URL(to) });
  },
  // What a signed GET of ours is answered: status and body.
  fetch: async (ctx, { uri }) => {
    const loader = await ctx.getDocumentLoader({ identifier: user });
    try {
      return { status: 200, body: (await loader(uri)).document };
    } catch (error) {
      return { status: error.response?.status ?? Number(/HTTP (\d+)/.exec(String(error))?.[1] ?? 0) };
    }
  },
  edit: (ctx, { to, object, content }) => {
    const id = object.split("/").pop();
    notes.set(id, notes.get(id).clone({ content, updated: Temporal.Now.instant() }));
    return send(ctx, Update, to, { object: notes.get(id), to: PUBLIC_COLLECTION, cc: new URL(to) });
  },
  delete: (ctx, { to, object }) => {
    notes.delete(object.split("/").pop());
    return send(ctx, Delete, to, { object: new Tombstone({ id: new URL(object) }), to: PUBLIC_COLLECTION, cc: new URL(to) });
  },
  state: () => ({ actor: `${origin}/users/${user}`, followers: [...followers.keys()], following: [...following], received }),
};

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

function serve(address, answer) {
  const [ip, port] = address.split(":");
  const server = createServer((request, response) => answer(request, response).catch((error) => {
    response.writeHead(500).end(JSON.stringify({ error: String(error.stack ?? error) }));
  }));
  return once(server.listen(Number(port), ip), "listening");
}

await serve(listen, async (request, response) => {
  if (only === "only-rfc9421" && request.method === "POST" && !request.headers["signature-input"]) {
    return response.writeHead(401).end();
  }
  const event = request.method === "GET" && events.get(request.url);
  if (event) {
    return response.writeHead(200, { "content-type": "application/activity+json" }).end(JSON.stringify(event));
  }
  const init = { method: request.method, headers: request.headers };
  if (request.method === "POST") init.body = await body(request);
  const answered = await federation.fetch(new Request(origin + request.url, init), {
    contextData: undefined, onNotFound: () => new Response("not found", { status: 404 }),
  });
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  response.end(Buffer.from(await answered.arrayBuffer()));
});
await serve(control, async (request, response) => {
  const { order, ...wanted } = JSON.parse(await body(request));
  const ctx = federation.createContext(new URL(origin), undefined);
  const result = await orders[order](ctx, wanted);
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(result));
});
