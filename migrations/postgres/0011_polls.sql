-- Anonymous polls. What keeps ballots and voters apart is told in docs/decisions/0008-secret-ballot.md; a test reads
-- these tables and refuses a column of time, of order or of origin in those of the ballots and of the register.
CREATE TABLE poll (
  id              BIGINT PRIMARY KEY,
  -- ActivityPub id of its announcement.
  uri             TEXT NOT NULL UNIQUE,
  -- INSEE code.
  commune         TEXT NOT NULL,
  actor_id        BIGINT NOT NULL,
  account_id      BIGINT,
  byline          TEXT NOT NULL,
  delegated       BOOLEAN NOT NULL,
  question        TEXT NOT NULL,
  source          TEXT NOT NULL,
  html            TEXT NOT NULL,
  language        TEXT NOT NULL,
  multiple        BOOLEAN NOT NULL,
  verified_only   BOOLEAN NOT NULL,
  comment_mode    TEXT NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('open', 'closed', 'withdrawn')),
  -- Moderators took it from sight: nobody votes meanwhile; its end comes all the same.
  hidden          BOOLEAN NOT NULL DEFAULT FALSE,
  public_key      BYTEA NOT NULL,
  -- Encrypted with the key of the server; both are emptied when the poll ends.
  private_key     BYTEA,
  register_key    BYTEA,
  opened_at       BIGINT NOT NULL,
  -- To the minute, as the town hall chose it.
  closes_at       BIGINT NOT NULL,
  closed_at       BIGINT,
  -- The state of the counts that may be shown: of five ballots or more, renewed by five or more.
  shown_ballots   BIGINT NOT NULL DEFAULT 0,
  shown_eligible  BIGINT NOT NULL DEFAULT 0,
  -- Once closed: ballots given out, and ballots that could not be read.
  signatures      BIGINT NOT NULL DEFAULT 0,
  unreadable      BIGINT NOT NULL DEFAULT 0,
  paper_ballots   BIGINT NOT NULL DEFAULT 0,
  paper_at        BIGINT,
  -- The office's proofs of the two published lists (JSON).
  list_proof      TEXT,
  register_proof  TEXT
);
CREATE INDEX poll_commune ON poll (commune, id);
CREATE INDEX poll_actor ON poll (actor_id, id);
CREATE INDEX poll_due ON poll (closes_at) WHERE state = 'open';

CREATE TABLE poll_option (
  poll_id  BIGINT NOT NULL REFERENCES poll (id),
  position BIGINT NOT NULL,
  words    TEXT NOT NULL,
  ballots  BIGINT NOT NULL DEFAULT 0,
  paper    BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (poll_id, position)
);

-- The register (liste d'émargement) of a running poll: to whom a ballot was given. A voter is a keyed hash of her
-- account. Emptied when the poll ends.
CREATE TABLE poll_register (
  poll_id   BIGINT NOT NULL REFERENCES poll (id),
  voter     BYTEA NOT NULL,
  blinded   BYTEA NOT NULL,
  signature BYTEA NOT NULL,
  PRIMARY KEY (poll_id, voter)
);

-- Keyed hashes of the e-mail addresses to which a ballot was given, so that an account made again cannot take a
-- second one. Emptied when the poll ends.
CREATE TABLE poll_spent (
  poll_id BIGINT NOT NULL REFERENCES poll (id),
  address BYTEA NOT NULL,
  PRIMARY KEY (poll_id, address)
);

-- The ballot box (urne) of a running poll, locked: ballots of one length under a key that is in no backup and is
-- destroyed when the poll ends. `fresh`: not yet in the counts that are shown, nor mixed with the others.
CREATE TABLE poll_sealed (
  poll_id BIGINT NOT NULL REFERENCES poll (id),
  tag     BYTEA NOT NULL,
  ballot  BYTEA NOT NULL,
  fresh   BOOLEAN NOT NULL,
  PRIMARY KEY (poll_id, tag)
);

-- The ballot box opened: what is published. All of it is written at once, in the order of the hash.
CREATE TABLE poll_ballot (
  poll_id    BIGINT NOT NULL REFERENCES poll (id),
  -- SHA-256 of what is signed.
  hash       BYTEA NOT NULL,
  choices    TEXT NOT NULL,
  serial     BYTEA NOT NULL,
  randomizer BYTEA NOT NULL,
  signature  BYTEA NOT NULL,
  PRIMARY KEY (poll_id, hash)
);

-- The register as published: what was signed blind, of nobody. Written like the box.
CREATE TABLE poll_signature (
  poll_id   BIGINT NOT NULL REFERENCES poll (id),
  -- SHA-256 of the blinded message.
  hash      BYTEA NOT NULL,
  blinded   BYTEA NOT NULL,
  signature BYTEA NOT NULL,
  PRIMARY KEY (poll_id, hash)
);

-- The public opinion (avis public): a question to everybody, not anonymous.
CREATE TABLE poll_opinion (
  id              BIGINT PRIMARY KEY,
  uri             TEXT NOT NULL UNIQUE,
  commune         TEXT NOT NULL,
  actor_id        BIGINT NOT NULL,
  account_id      BIGINT,
  byline          TEXT NOT NULL,
  delegated       BOOLEAN NOT NULL,
  question        TEXT NOT NULL,
  source          TEXT NOT NULL,
  html            TEXT NOT NULL,
  language        TEXT NOT NULL,
  multiple        BOOLEAN NOT NULL,
  visibility      TEXT NOT NULL,
  comment_mode    TEXT NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('open', 'closed', 'withdrawn')),
  -- Moderators took it from sight: nobody votes meanwhile; its end comes all the same.
  hidden          BOOLEAN NOT NULL DEFAULT FALSE,
  -- Encrypted; emptied when it is closed.
  voter_key       BYTEA,
  opened_at       BIGINT NOT NULL,
  closes_at       BIGINT NOT NULL,
  closed_at       BIGINT,
  resident_voters BIGINT NOT NULL DEFAULT 0,
  outside_voters  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX poll_opinion_commune ON poll_opinion (commune, id);
CREATE INDEX poll_opinion_actor ON poll_opinion (actor_id, id);
CREATE INDEX poll_opinion_due ON poll_opinion (closes_at) WHERE state = 'open';

CREATE TABLE poll_opinion_option (
  opinion_id BIGINT NOT NULL REFERENCES poll_opinion (id),
  position   BIGINT NOT NULL,
  words      TEXT NOT NULL,
  residents  BIGINT NOT NULL DEFAULT 0,
  outside    BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (opinion_id, position)
);

-- Keyed hashes of who answered, and of who answered what: each counts once. Emptied when it is closed.
CREATE TABLE poll_opinion_voter (
  opinion_id BIGINT NOT NULL REFERENCES poll_opinion (id),
  voter      BYTEA NOT NULL,
  PRIMARY KEY (opinion_id, voter)
);

CREATE TABLE poll_opinion_vote (
  opinion_id BIGINT NOT NULL REFERENCES poll_opinion (id),
  vote       BYTEA NOT NULL,
  PRIMARY KEY (opinion_id, vote)
);

-- How many of each server answered, for the cap. Emptied when it is closed.
CREATE TABLE poll_opinion_server (
  opinion_id BIGINT NOT NULL REFERENCES poll_opinion (id),
  host       TEXT NOT NULL,
  voters     BIGINT NOT NULL,
  PRIMARY KEY (opinion_id, host)
);

-- Questions of other servers that stand in a timeline here; another room holds their words.
CREATE TABLE poll_question (
  id         BIGINT PRIMARY KEY,
  uri        TEXT NOT NULL UNIQUE,
  actor_id   BIGINT NOT NULL,
  multiple   BOOLEAN NOT NULL,
  closes_at  BIGINT,
  closed     BOOLEAN NOT NULL,
  voters     BIGINT,
  changed_at BIGINT NOT NULL
);
CREATE INDEX poll_question_actor ON poll_question (actor_id);

CREATE TABLE poll_question_option (
  question_id BIGINT NOT NULL REFERENCES poll_question (id),
  position    BIGINT NOT NULL,
  words       TEXT NOT NULL,
  votes       BIGINT NOT NULL,
  PRIMARY KEY (question_id, position)
);

-- What people here answered there. The other server knows it as well.
CREATE TABLE poll_question_vote (
  question_id BIGINT NOT NULL REFERENCES poll_question (id),
  actor_id    BIGINT NOT NULL,
  position    BIGINT NOT NULL,
  PRIMARY KEY (question_id, actor_id, position)
);
CREATE INDEX poll_question_vote_actor ON poll_question_vote (actor_id);
