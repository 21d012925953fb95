-- What happened, for one local account's actor; rows, not mails.
CREATE TABLE notification (
  id           INTEGER PRIMARY KEY,
  -- The local actor it is for (a citizen's, or a mayor's office).
  actor_id     BIGINT NOT NULL,
  kind         TEXT NOT NULL,
  -- Who did it.
  from_id      BIGINT,
  -- About what: kind and id of the thing, the path of its page, a few words of it.
  target_kind  TEXT NOT NULL,
  target_id    BIGINT NOT NULL,
  page         TEXT NOT NULL,
  excerpt      TEXT NOT NULL DEFAULT '',
  created_at   BIGINT NOT NULL,
  read_at      BIGINT,
  -- How soon a mail tells of it, as the person wanted it then.
  mail         TEXT NOT NULL DEFAULT 'never' CHECK (mail IN ('now', 'daily', 'weekly', 'never')),
  -- Sent by mail, alone or in a digest.
  mailed_at    BIGINT
);
CREATE INDEX notification_actor ON notification (actor_id, id);
CREATE INDEX notification_unread ON notification (actor_id) WHERE read_at IS NULL;
CREATE INDEX notification_mail ON notification (mail, actor_id, id) WHERE mailed_at IS NULL AND mail <> 'never';
CREATE INDEX notification_target ON notification (target_kind, target_id);
CREATE INDEX notification_age ON notification (created_at);
-- Doing and undoing a like a hundred times tells once.
CREATE UNIQUE INDEX notification_once ON notification (actor_id, kind, from_id, target_kind, target_id);

-- How each person wants to be told of each kind; absent: the kind's default.
CREATE TABLE notification_preference (
  actor_id BIGINT NOT NULL,
  kind     TEXT NOT NULL,
  mail     TEXT NOT NULL CHECK (mail IN ('now', 'daily', 'weekly', 'never')),
  PRIMARY KEY (actor_id, kind)
);
