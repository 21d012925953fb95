-- The agenda: what is planned (a single event or a series), each of its dates, and who comes.
-- A private appointment is for the town hall's own team: it never leaves this table by any public door.
CREATE TABLE agenda_event (
  id            INTEGER PRIMARY KEY,
  actor_id      BIGINT NOT NULL,
  -- The commune in whose agenda it stands; none for another server's.
  commune       TEXT,
  local         BOOLEAN NOT NULL,
  account_id    BIGINT,
  byline        TEXT NOT NULL DEFAULT '',
  delegated     BOOLEAN NOT NULL DEFAULT FALSE,
  private       BOOLEAN NOT NULL DEFAULT FALSE,
  title         TEXT NOT NULL,
  -- What was typed; ours only.
  source        TEXT,
  html          TEXT NOT NULL,
  language      TEXT NOT NULL DEFAULT 'fr',
  category      TEXT NOT NULL DEFAULT 'mairie',
  all_day       BOOLEAN NOT NULL DEFAULT FALSE,
  -- Clock time on the spot (2026-11-28T09:30:00) and its IANA zone: a meeting at 18 h stays at 18 h when the
  -- clocks change. The end is exclusive; of a whole day it is the midnight after.
  zone          TEXT NOT NULL,
  starts_local  TEXT NOT NULL,
  ends_local    TEXT NOT NULL,
  -- RFC 5545 without UNTIL; empty: it happens once.
  rule          TEXT NOT NULL DEFAULT '',
  until_local   TEXT,
  -- Days (2026-12-24,2027-01-01) on which the rule does not hold.
  excluded      TEXT NOT NULL DEFAULT '',
  -- Up to when dates of a series have rows.
  expanded_to   TEXT,
  place_name    TEXT NOT NULL DEFAULT '',
  street        TEXT NOT NULL DEFAULT '',
  postal_code   TEXT NOT NULL DEFAULT '',
  locality      TEXT NOT NULL DEFAULT '',
  latitude      REAL,
  longitude     REAL,
  online_url    TEXT NOT NULL DEFAULT '',
  website       TEXT NOT NULL DEFAULT '',
  contact       TEXT NOT NULL DEFAULT '',
  contact_email TEXT NOT NULL DEFAULT '',
  contact_phone TEXT NOT NULL DEFAULT '',
  -- Seats of each date; none: as many as come.
  capacity      BIGINT,
  join_mode     TEXT NOT NULL,
  join_url      TEXT NOT NULL DEFAULT '',
  comment_mode  TEXT NOT NULL,
  image_id      BIGINT,
  image_path    TEXT NOT NULL DEFAULT '',
  image_small   TEXT NOT NULL DEFAULT '',
  image_mime    TEXT NOT NULL DEFAULT '',
  image_alt     TEXT NOT NULL DEFAULT '',
  image_width   BIGINT,
  image_height  BIGINT,
  state         TEXT NOT NULL CHECK (state IN ('published', 'cancelled', 'hidden', 'deleted')),
  -- The UID of the file it was imported from: a second import of it changes nothing.
  import_uid    TEXT,
  sequence      BIGINT NOT NULL DEFAULT 0,
  -- Its page on its own server; none for ours.
  url           TEXT,
  created_at    BIGINT NOT NULL,
  edited_at     BIGINT
);
CREATE INDEX agenda_event_series ON agenda_event (expanded_to) WHERE rule <> '' AND state = 'published' AND local;
CREATE UNIQUE INDEX agenda_event_import ON agenda_event (commune, import_uid)
  WHERE import_uid IS NOT NULL AND state <> 'deleted';
CREATE INDEX agenda_event_actor ON agenda_event (actor_id);

-- One date of an event: what has a page, seats, comments, and an object for other servers.
CREATE TABLE agenda_occurrence (
  id           INTEGER PRIMARY KEY,
  uri          TEXT NOT NULL UNIQUE,
  event_id     BIGINT NOT NULL REFERENCES agenda_event (id),
  -- As in its event, so that a month is read by one index.
  commune      TEXT,
  private      BOOLEAN NOT NULL DEFAULT FALSE,
  local        BOOLEAN NOT NULL,
  -- The day and time the rule gave it; it keeps them when this one date is moved.
  day          TEXT NOT NULL,
  rule_local   TEXT NOT NULL,
  starts_local TEXT NOT NULL,
  ends_local   TEXT NOT NULL,
  starts_at    BIGINT NOT NULL,
  ends_at      BIGINT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('scheduled', 'cancelled', 'deleted')),
  reason       TEXT NOT NULL DEFAULT '',
  moved        BOOLEAN NOT NULL DEFAULT FALSE,
  -- Seats taken.
  taken        BIGINT NOT NULL DEFAULT 0,
  -- When other servers were told of it.
  announced_at BIGINT,
  -- When those who come were reminded of it.
  reminded_at  BIGINT,
  changed_at   BIGINT NOT NULL,
  UNIQUE (event_id, day)
);
CREATE INDEX agenda_occurrence_commune ON agenda_occurrence (commune, starts_at) WHERE state <> 'deleted';
CREATE INDEX agenda_occurrence_coming ON agenda_occurrence (starts_at) WHERE state = 'scheduled';

-- Who comes, and who waits for a seat, in the order of the ids. To an event of another server she asked to come, and
-- that server answered.
CREATE TABLE agenda_attendance (
  id            INTEGER PRIMARY KEY,
  occurrence_id BIGINT NOT NULL REFERENCES agenda_occurrence (id),
  actor_id      BIGINT NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ('accepted', 'waiting', 'asked', 'refused')),
  -- The id of the Join: of somebody of another server, echoed in the answer; or ours, sent to who invites there.
  join_uri      TEXT,
  message       TEXT NOT NULL DEFAULT '',
  created_at    BIGINT NOT NULL,
  UNIQUE (occurrence_id, actor_id)
);
CREATE INDEX agenda_attendance_actor ON agenda_attendance (actor_id);
CREATE INDEX agenda_attendance_queue ON agenda_attendance (occurrence_id, state, id);

-- Other Joins by which the same person came before, each of which may be undone.
CREATE TABLE agenda_join (
  attendance_id BIGINT NOT NULL REFERENCES agenda_attendance (id) ON DELETE CASCADE,
  uri           TEXT NOT NULL,
  PRIMARY KEY (attendance_id, uri)
);
CREATE INDEX agenda_join_uri ON agenda_join (uri);

-- Actors of other servers whose events are shown "around here" in a commune.
CREATE TABLE agenda_source (
  commune    TEXT NOT NULL,
  actor_id   BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (commune, actor_id)
);
CREATE INDEX agenda_source_actor ON agenda_source (actor_id);
