-- Comments under posts, by our citizens and by people of other servers.
CREATE TABLE discussion_comment (
  id           INTEGER PRIMARY KEY,
  uri          TEXT NOT NULL UNIQUE,
  -- What is discussed: 'posts' and its id. Rooms that own such things answer for them.
  subject_kind TEXT NOT NULL,
  subject_id   BIGINT NOT NULL,
  -- The comment it answers; none: the subject itself.
  parent_id    BIGINT REFERENCES discussion_comment (id),
  -- The first comment of its branch; itself for one that answers the subject.
  root_id      BIGINT NOT NULL,
  actor_id     BIGINT NOT NULL,
  -- Written for the office by a delegate.
  delegated    BOOLEAN NOT NULL DEFAULT FALSE,
  -- Under which commune's rules it stands.
  commune      TEXT,
  -- What it answers, as other servers know it.
  in_reply_to  TEXT NOT NULL,
  -- The id of the conversation, on its own server.
  context      TEXT,
  html         TEXT NOT NULL,
  -- What was typed; only our own.
  source       TEXT,
  -- A content warning.
  summary      TEXT NOT NULL DEFAULT '',
  language     TEXT NOT NULL DEFAULT 'fr',
  visibility   TEXT NOT NULL,
  -- For fewer people than may read the subject: its author, those it answers and the moderators.
  narrow       BOOLEAN NOT NULL DEFAULT FALSE,
  -- shown; held until a moderator has read it; hidden by a moderator; deleted by its author.
  state        TEXT NOT NULL CHECK (state IN ('shown', 'held', 'hidden', 'deleted')),
  -- Its page on its own server.
  url          TEXT,
  created_at   BIGINT NOT NULL,
  edited_at    BIGINT,
  -- When other servers were told of it; NULL: they do not know it and cannot ask for it.
  told_at      BIGINT
);
CREATE INDEX discussion_comment_subject ON discussion_comment (subject_kind, subject_id, id);
CREATE INDEX discussion_comment_parent ON discussion_comment (parent_id);
CREATE INDEX discussion_comment_root ON discussion_comment (root_id, id);
CREATE INDEX discussion_comment_actor ON discussion_comment (actor_id, id);
CREATE INDEX discussion_comment_held ON discussion_comment (commune, id) WHERE state = 'held';

-- What a comment said before it was edited.
CREATE TABLE discussion_revision (
  comment_id BIGINT NOT NULL REFERENCES discussion_comment (id),
  html       TEXT NOT NULL,
  source     TEXT,
  summary    TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  PRIMARY KEY (comment_id, written_at)
);

-- Pictures and files of comments of other servers; they stay there.
CREATE TABLE discussion_attachment (
  comment_id BIGINT NOT NULL REFERENCES discussion_comment (id),
  position   BIGINT NOT NULL,
  url        TEXT NOT NULL,
  kind       TEXT NOT NULL,
  mime       TEXT NOT NULL DEFAULT '',
  alt        TEXT NOT NULL DEFAULT '',
  width      BIGINT,
  height     BIGINT,
  blurhash   TEXT,
  PRIMARY KEY (comment_id, position)
);

-- Whom a comment of another server names (their ids), and its hashtags. Those of ours are read from what was typed.
CREATE TABLE discussion_named (
  comment_id BIGINT NOT NULL REFERENCES discussion_comment (id),
  uri        TEXT NOT NULL,
  PRIMARY KEY (comment_id, uri)
);
CREATE TABLE discussion_tag (
  comment_id BIGINT NOT NULL REFERENCES discussion_comment (id),
  tag        TEXT NOT NULL,
  shown      TEXT NOT NULL,
  PRIMARY KEY (comment_id, tag)
);

CREATE TABLE discussion_like (
  target_kind TEXT NOT NULL,
  target_id   BIGINT NOT NULL,
  actor_id    BIGINT NOT NULL,
  -- The id of the Like activity.
  uri         TEXT NOT NULL,
  id          BIGINT NOT NULL UNIQUE,
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (target_kind, target_id, actor_id)
);
CREATE INDEX discussion_like_actor ON discussion_like (actor_id, id);
CREATE INDEX discussion_like_uri ON discussion_like (uri);

CREATE TABLE discussion_share (
  target_kind TEXT NOT NULL,
  target_id   BIGINT NOT NULL,
  actor_id    BIGINT NOT NULL,
  -- The id of the Announce activity.
  uri         TEXT NOT NULL,
  id          BIGINT NOT NULL UNIQUE,
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (target_kind, target_id, actor_id)
);
CREATE INDEX discussion_share_actor ON discussion_share (actor_id, id);
CREATE INDEX discussion_share_uri ON discussion_share (uri);

-- What other servers asked to do with something of ours and were allowed (FEP-044f): the stamp they show.
CREATE TABLE discussion_approval (
  id          INTEGER PRIMARY KEY,
  -- 'quote' or 'like'.
  kind        TEXT NOT NULL,
  target_kind TEXT NOT NULL,
  target_id   BIGINT NOT NULL,
  actor_id    BIGINT NOT NULL,
  -- The id of what quotes or likes.
  instrument  TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  UNIQUE (kind, instrument, target_kind, target_id)
);

-- The red flag: by a citizen, by another server, or by anybody with an e-mail address (DSA article 16).
CREATE TABLE discussion_flag (
  id             INTEGER PRIMARY KEY,
  target_kind    TEXT NOT NULL,
  target_id      BIGINT NOT NULL,
  commune        TEXT,
  reporter_id    BIGINT,
  reporter_email TEXT,
  reporter_name  TEXT,
  -- The language of the mails to whoever has no account.
  reporter_lang  TEXT,
  category       TEXT NOT NULL,
  text           TEXT NOT NULL DEFAULT '',
  -- The id of the Flag activity of another server.
  uri            TEXT,
  state          TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'dismissed')),
  created_at     BIGINT NOT NULL,
  closed_at      BIGINT,
  UNIQUE (uri, target_kind, target_id)
);
CREATE INDEX discussion_flag_open ON discussion_flag (commune, id) WHERE state = 'open';
CREATE INDEX discussion_flag_target ON discussion_flag (target_kind, target_id);

-- What moderators decided, with the reason the author reads. The public log shows it without names.
CREATE TABLE discussion_decision (
  id           INTEGER PRIMARY KEY,
  target_kind  TEXT NOT NULL,
  target_id    BIGINT NOT NULL,
  commune      TEXT,
  moderator_id BIGINT NOT NULL,
  deed         TEXT NOT NULL CHECK (deed IN ('hide', 'restore', 'approve', 'dismiss')),
  ground       TEXT NOT NULL DEFAULT '',
  reason       TEXT NOT NULL DEFAULT '',
  appeal       TEXT,
  appealed_at  BIGINT,
  created_at   BIGINT NOT NULL
);
CREATE INDEX discussion_decision_target ON discussion_decision (target_kind, target_id, id);
CREATE INDEX discussion_decision_commune ON discussion_decision (commune, id);

-- Each commune's rule for comments; a post may be stricter.
CREATE TABLE discussion_rule (
  commune TEXT PRIMARY KEY,
  mode    TEXT NOT NULL CHECK (mode IN ('open', 'first_held', 'all_held', 'off'))
);

-- What its author took back, whether it ever arrived here or not: a late Create or Like of it has no effect.
CREATE TABLE discussion_gone (
  -- SHA-256 of who took back and what.
  hash    BLOB PRIMARY KEY,
  gone_at BIGINT NOT NULL
);
