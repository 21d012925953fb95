-- An actor that is not federated and speaks all the same: to those it has let in (a members' group).
ALTER TABLE federation_actor ADD COLUMN veiled BOOLEAN NOT NULL DEFAULT FALSE;

-- Discussion groups. Each is an actor; its members are the accepted followers of that actor, its requests those
-- who are not accepted yet (federation_follow).
CREATE TABLE groups_group (
  -- The row of its actor.
  id           BIGINT PRIMARY KEY,
  -- INSEE code.
  commune      TEXT NOT NULL,
  scope        TEXT NOT NULL CHECK (scope IN ('public', 'members', 'residents')),
  name         TEXT NOT NULL,
  -- What is talked about, as typed and as shown.
  about        TEXT NOT NULL DEFAULT '',
  about_html   TEXT NOT NULL DEFAULT '',
  -- What whoever joins agrees to.
  rules        TEXT NOT NULL DEFAULT '',
  rules_html   TEXT NOT NULL DEFAULT '',
  -- Whether moderators answer before somebody is in.
  approval     BOOLEAN NOT NULL,
  -- Who opens topics without being read first: 'members' or 'moderators'.
  opening      TEXT NOT NULL CHECK (opening IN ('members', 'moderators')),
  -- The last minute in which something can be said.
  closes_at    BIGINT,
  -- Since when it can only be read.
  closed_at    BIGINT,
  account_id   BIGINT NOT NULL,
  created_at   BIGINT NOT NULL,
  edited_at    BIGINT
);
CREATE INDEX groups_group_commune ON groups_group (commune, id);

-- What is known of somebody's place in a group beside that she has one.
CREATE TABLE groups_place (
  group_id   BIGINT NOT NULL REFERENCES groups_group (id),
  actor_id   BIGINT NOT NULL,
  id         BIGINT NOT NULL UNIQUE,
  -- What she wants to hear of: 'all', 'mine', 'none'.
  pace       TEXT NOT NULL CHECK (pace IN ('all', 'mine', 'none')),
  -- When she agreed to the rules; people of other servers read them in the group's profile.
  rules_at   BIGINT,
  -- Whether she keeps order.
  moderator  BOOLEAN NOT NULL DEFAULT FALSE,
  -- Whether somebody let her know of the group and wait for her.
  invited    BOOLEAN NOT NULL DEFAULT FALSE,
  -- Since when she is put out.
  out_at     BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (group_id, actor_id)
);
CREATE INDEX groups_place_actor ON groups_place (actor_id);

-- What is talked about in a group: answers, likes and flags are the discussion's.
CREATE TABLE groups_topic (
  id          BIGINT PRIMARY KEY,
  uri         TEXT NOT NULL UNIQUE,
  group_id    BIGINT NOT NULL REFERENCES groups_group (id),
  actor_id    BIGINT NOT NULL,
  -- Written for the office by a delegate.
  delegated   BOOLEAN NOT NULL DEFAULT FALSE,
  -- Ours, or another server's.
  local       BOOLEAN NOT NULL,
  title       TEXT NOT NULL,
  -- As typed; ours only.
  source      TEXT,
  html        TEXT NOT NULL,
  -- A content warning.
  summary     TEXT NOT NULL DEFAULT '',
  language    TEXT NOT NULL DEFAULT 'fr',
  state       TEXT NOT NULL CHECK (state IN ('shown', 'held', 'hidden', 'deleted')),
  -- Nothing more is answered but by moderators.
  locked      BOOLEAN NOT NULL DEFAULT FALSE,
  pinned_at   BIGINT,
  -- Its page on its own server.
  url         TEXT,
  created_at  BIGINT NOT NULL,
  edited_at   BIGINT,
  -- When other servers were told of it; without it they cannot ask for it either.
  told_at     BIGINT,
  -- When something was last said in it: the row id of that.
  last_id     BIGINT NOT NULL
);
CREATE INDEX groups_topic_group ON groups_topic (group_id, last_id);
CREATE INDEX groups_topic_actor ON groups_topic (actor_id, id);
CREATE INDEX groups_topic_held ON groups_topic (group_id, id) WHERE state = 'held';

-- What a topic said before it was edited.
CREATE TABLE groups_revision (
  topic_id   BIGINT NOT NULL REFERENCES groups_topic (id),
  title      TEXT NOT NULL,
  html       TEXT NOT NULL,
  summary    TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  PRIMARY KEY (topic_id, written_at)
);
