-- Everybody who acts: mayors, communes, citizens, groups, this server, and the actors of other servers.
CREATE TABLE federation_actor (
  id            BIGINT PRIMARY KEY,
  uri           TEXT NOT NULL UNIQUE,
  local         BOOLEAN NOT NULL,
  kind          TEXT NOT NULL CHECK (kind IN ('Person', 'Organization', 'Group', 'Service', 'Application')),
  handle        TEXT NOT NULL,
  -- Host and, unless it is the scheme's own, port, as in the handle.
  host          TEXT NOT NULL,
  name          TEXT NOT NULL DEFAULT '',
  -- HTML, sanitised.
  summary       TEXT NOT NULL DEFAULT '',
  -- The page for people.
  url           TEXT,
  inbox         TEXT NOT NULL,
  shared_inbox  TEXT,
  outbox        TEXT,
  followers     TEXT,
  following     TEXT,
  featured      TEXT,
  icon_url      TEXT,
  image_url     TEXT,
  -- [[name, value], ...] in JSON.
  fields_json   TEXT NOT NULL DEFAULT '[]',
  aliases_json  TEXT NOT NULL DEFAULT '[]',
  moved_to      TEXT,
  -- A local actor that is not federated is dark: no other server can learn that it exists.
  federated     BOOLEAN NOT NULL,
  discoverable  BOOLEAN NOT NULL DEFAULT FALSE,
  -- Whether a Follow waits for a person's answer.
  locked        BOOLEAN NOT NULL DEFAULT FALSE,
  -- An actor of another server under a `limit` or suspended by a moderator is in federation_domain or here.
  suspended     BOOLEAN NOT NULL DEFAULT FALSE,
  created_at    BIGINT NOT NULL,
  updated_at    BIGINT NOT NULL,
  -- When a remote actor was last read from its origin.
  fetched_at    BIGINT,
  -- Gone for good: answers 410, keeps its row so that nobody can take its name.
  deleted_at    BIGINT,
  -- Scheme, host and port of uri, of inbox and of shared_inbox, so that deliveries are addressed by SQL alone.
  origin        TEXT NOT NULL DEFAULT '',
  inbox_lane    TEXT NOT NULL DEFAULT '',
  shared_lane   TEXT
);
CREATE UNIQUE INDEX federation_actor_local_handle ON federation_actor (handle) WHERE local;
CREATE INDEX federation_actor_handle ON federation_actor (handle, host);
CREATE INDEX federation_actor_host ON federation_actor (host);
CREATE INDEX federation_actor_page ON federation_actor (url) WHERE local;
-- Whose inbox is it that is gone.
CREATE INDEX federation_actor_inbox ON federation_actor (inbox);
CREATE INDEX federation_actor_shared_inbox ON federation_actor (shared_inbox);

CREATE TABLE federation_key (
  -- The key id as it stands in signatures.
  uri         TEXT PRIMARY KEY,
  actor_id    BIGINT NOT NULL REFERENCES federation_actor (id),
  kind        TEXT NOT NULL CHECK (kind IN ('rsa', 'ed25519')),
  -- SubjectPublicKeyInfo in DER.
  public_der  BYTEA NOT NULL,
  -- PKCS#8 in DER; our own actors only.
  private_der BYTEA,
  fetched_at  BIGINT NOT NULL
);
CREATE INDEX federation_key_actor ON federation_key (actor_id);

CREATE TABLE federation_follow (
  follower_id BIGINT NOT NULL REFERENCES federation_actor (id),
  followee_id BIGINT NOT NULL REFERENCES federation_actor (id),
  -- The id of the Follow as its sender gave it; echoed in Accept and Reject.
  uri         TEXT NOT NULL,
  -- The same in the spelling in which ids are compared.
  canonical   TEXT NOT NULL,
  accepted    BOOLEAN NOT NULL,
  created_at  BIGINT NOT NULL,
  -- A row id, for paging.
  id          BIGINT NOT NULL UNIQUE,
  PRIMARY KEY (follower_id, followee_id)
);
CREATE INDEX federation_follow_followee ON federation_follow (followee_id, accepted, id);
CREATE INDEX federation_follow_follower ON federation_follow (follower_id, id);
CREATE INDEX federation_follow_canonical ON federation_follow (canonical);

-- What our actors did, as it is sent; public ones make the outbox.
CREATE TABLE federation_activity (
  id         BIGINT PRIMARY KEY,
  uri        TEXT NOT NULL UNIQUE,
  actor_id   BIGINT NOT NULL REFERENCES federation_actor (id),
  kind       TEXT NOT NULL,
  object_uri TEXT,
  body       TEXT NOT NULL,
  public     BOOLEAN NOT NULL,
  -- Shown in the outbox (a Create or an Announce that was not undone).
  listed     BOOLEAN NOT NULL,
  -- Addressed to the followers of its actor: deliveries then carry the digest of FEP-8fcf.
  to_followers BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL
);
CREATE INDEX federation_activity_outbox ON federation_activity (actor_id, id) WHERE listed;
CREATE INDEX federation_activity_object ON federation_activity (object_uri);

-- One row for each activity and inbox until it is delivered or given up.
CREATE TABLE federation_delivery (
  -- Never used twice: a late completion must not hit another row.
  id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  activity_id BIGINT NOT NULL REFERENCES federation_activity (id),
  inbox       TEXT NOT NULL,
  -- Scheme, host and port of the inbox: the lane in which order is kept.
  lane        TEXT NOT NULL,
  attempts    BIGINT NOT NULL DEFAULT 0,
  last_error  TEXT,
  -- This inbox refused us: until then it gets nothing, while the other inboxes of the lane do.
  held_until  BIGINT,
  -- Given up for now; the operator may try again.
  parked      BOOLEAN NOT NULL DEFAULT FALSE,
  created_at  BIGINT NOT NULL,
  UNIQUE (activity_id, inbox)
);
CREATE INDEX federation_delivery_lane ON federation_delivery (lane, activity_id, id) WHERE NOT parked;
CREATE INDEX federation_delivery_held ON federation_delivery (lane, inbox, held_until) WHERE held_until IS NOT NULL;
CREATE INDEX federation_delivery_parked ON federation_delivery (lane) WHERE parked;

-- Activities whose lanes have not been told yet that something waits in them.
CREATE TABLE federation_addressed (
  activity_id BIGINT PRIMARY KEY
);

-- What is known of another server as a place to deliver to.
CREATE TABLE federation_lane (
  lane            TEXT PRIMARY KEY,
  -- Whether anything waits in it.
  waiting         BOOLEAN NOT NULL,
  -- Counts the times it was told that something waits, so that nothing is missed when it is given back.
  asked           BIGINT NOT NULL,
  -- No attempt before.
  due_at          BIGINT NOT NULL,
  -- The process that works on it (federation_runner).
  lease_owner     BIGINT,
  -- Attempts that failed one after the other, and since when.
  failures        BIGINT NOT NULL DEFAULT 0,
  failing_since   BIGINT,
  last_success_at BIGINT,
  last_error      TEXT,
  -- The signature scheme it accepted last: 'cavage' or 'rfc9421'.
  scheme          TEXT,
  scheme_at       BIGINT
);
CREATE INDEX federation_lane_due ON federation_lane (due_at) WHERE waiting;
CREATE INDEX federation_lane_owner ON federation_lane (lease_owner) WHERE lease_owner IS NOT NULL;

-- The processes that deliver. One that has not renewed its lease in time is taken for dead.
CREATE TABLE federation_runner (
  id          BIGINT PRIMARY KEY,
  alive_until BIGINT NOT NULL
);

-- What other servers sent us, verified; a row before it is an effect.
CREATE TABLE federation_received (
  id          BIGINT PRIMARY KEY,
  uri         TEXT NOT NULL,
  actor_uri   TEXT NOT NULL,
  kind        TEXT NOT NULL,
  object_uri  TEXT,
  -- Removed once it is taken in.
  body        TEXT,
  state       TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'ignored', 'refused')),
  verdict     TEXT,
  attempts    BIGINT NOT NULL DEFAULT 0,
  due_at      BIGINT NOT NULL,
  lease_until BIGINT,
  received_at BIGINT NOT NULL,
  -- Of the actor too: nobody can use up the id of another one's activity.
  UNIQUE (uri, actor_uri)
);
CREATE INDEX federation_received_due ON federation_received (due_at, id) WHERE state = 'waiting';
CREATE INDEX federation_received_actor ON federation_received (actor_uri, id) WHERE state = 'waiting';
CREATE INDEX federation_received_age ON federation_received (received_at);
CREATE INDEX federation_received_move ON federation_received (actor_uri) WHERE kind = 'Move';

-- What is gone for good, ours and others', so that a late Create cannot bring it back.
CREATE TABLE federation_tombstone (
  uri         TEXT NOT NULL,
  -- Who said so, when the thing itself was not known here: it counts for what this actor made. Empty: it was.
  by_actor    TEXT NOT NULL DEFAULT '',
  former_kind TEXT,
  deleted_at  BIGINT NOT NULL,
  PRIMARY KEY (uri, by_actor)
);

-- Rules about other servers: 'block', 'limit', 'allow'. They hold for subdomains too.
CREATE TABLE federation_domain (
  host       TEXT PRIMARY KEY,
  rule       TEXT NOT NULL CHECK (rule IN ('block', 'limit', 'allow')),
  reason     TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL
);

CREATE TABLE federation_relay (
  inbox      TEXT PRIMARY KEY,
  lane       TEXT NOT NULL,
  -- Known once it has accepted.
  actor_uri  TEXT,
  follow_uri TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'rejected')),
  created_at BIGINT NOT NULL
);
