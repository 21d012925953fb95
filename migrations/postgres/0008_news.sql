-- Posts of our mayors and communes, and those of other servers that somebody here follows or carries.
-- A draft gets a new id when it is published, so that ids sort posts by the moment of their publication.
CREATE TABLE news_post (
  id           BIGINT PRIMARY KEY,
  uri          TEXT NOT NULL UNIQUE,
  actor_id     BIGINT NOT NULL,
  -- The commune whose feed it stands in; none for a remote author nobody carries.
  commune      TEXT,
  local        BOOLEAN NOT NULL,
  -- The account that wrote it for the office, and how the office was held then: it outlives elections.
  account_id   BIGINT,
  byline       TEXT NOT NULL DEFAULT '',
  delegated    BOOLEAN NOT NULL DEFAULT FALSE,
  title        TEXT NOT NULL DEFAULT '',
  -- What was typed; ours only.
  source       TEXT,
  html         TEXT NOT NULL,
  -- A content warning.
  summary      TEXT NOT NULL DEFAULT '',
  sensitive    BOOLEAN NOT NULL DEFAULT FALSE,
  language     TEXT NOT NULL DEFAULT 'fr',
  topic        TEXT,
  visibility   TEXT NOT NULL,
  comment_mode TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('draft', 'scheduled', 'published', 'hidden', 'deleted')),
  scheduled_at BIGINT,
  published_at BIGINT,
  edited_at    BIGINT,
  pinned_at    BIGINT,
  -- Its page on its own server; none for ours.
  url          TEXT,
  -- The first link of the text, for the card.
  card_url     TEXT,
  -- Of another's post that this one answers, when that is not a comment here.
  in_reply_to  TEXT,
  created_at   BIGINT NOT NULL
);
CREATE INDEX news_post_commune ON news_post (commune, id) WHERE state = 'published';
CREATE INDEX news_post_actor ON news_post (actor_id, id) WHERE state = 'published';
CREATE INDEX news_post_public ON news_post (id) WHERE state = 'published' AND visibility = 'public';
CREATE INDEX news_post_draft ON news_post (commune, id) WHERE state IN ('draft', 'scheduled');
CREATE INDEX news_post_pinned ON news_post (actor_id, pinned_at) WHERE pinned_at IS NOT NULL;

-- What a post said before each edit.
CREATE TABLE news_revision (
  post_id    BIGINT NOT NULL REFERENCES news_post (id) ON UPDATE CASCADE,
  title      TEXT NOT NULL,
  source     TEXT,
  html       TEXT NOT NULL,
  summary    TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  PRIMARY KEY (post_id, written_at)
);

CREATE TABLE news_attachment (
  post_id    BIGINT NOT NULL REFERENCES news_post (id) ON UPDATE CASCADE,
  position   BIGINT NOT NULL,
  -- Ours: the upload, and its path here. Theirs: the address, never shown inline since it would tell who reads.
  media_id   BIGINT,
  remote_url TEXT,
  preview_url TEXT,
  kind       TEXT NOT NULL,
  mime       TEXT NOT NULL,
  name       TEXT NOT NULL DEFAULT '',
  alt        TEXT NOT NULL DEFAULT '',
  width      BIGINT,
  height     BIGINT,
  blurhash   TEXT,
  bytes      BIGINT,
  PRIMARY KEY (post_id, position)
);
CREATE INDEX news_attachment_media ON news_attachment (media_id);

CREATE TABLE news_tag (
  tag     TEXT NOT NULL,
  post_id BIGINT NOT NULL REFERENCES news_post (id) ON UPDATE CASCADE,
  shown   TEXT NOT NULL,
  PRIMARY KEY (tag, post_id)
);
CREATE INDEX news_tag_post ON news_tag (post_id);

-- Whom a post of another server names (their ids). Those of ours are read from what was typed.
CREATE TABLE news_named (
  post_id BIGINT NOT NULL REFERENCES news_post (id) ON UPDATE CASCADE,
  uri     TEXT NOT NULL,
  PRIMARY KEY (post_id, uri)
);

-- What the first link of a post leads to, read once from its own server.
CREATE TABLE news_card (
  url         TEXT PRIMARY KEY,
  title       TEXT NOT NULL,
  description TEXT NOT NULL,
  site        TEXT NOT NULL,
  fetched_at  BIGINT NOT NULL
);

-- A commune of another instance shown here: whose posts stand on the commune's page.
CREATE TABLE news_carried (
  commune    TEXT NOT NULL,
  actor_id   BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (commune, actor_id)
);
CREATE INDEX news_carried_actor ON news_carried (actor_id);
