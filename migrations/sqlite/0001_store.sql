-- Facts about the database as a whole.
CREATE TABLE platform_setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- Work to be done, written in the transaction of the deed that wants it.
CREATE TABLE task (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL,
  payload     TEXT NOT NULL,
  -- Of two tasks with one key only the first is kept until it has run.
  unique_key  TEXT UNIQUE,
  run_at      BIGINT NOT NULL,
  attempts    BIGINT NOT NULL DEFAULT 0,
  last_error  TEXT,
  -- Whoever runs it holds it until then; after a crash the lease runs out.
  lease_until BIGINT,
  created_at  BIGINT NOT NULL
);
CREATE INDEX task_due ON task (run_at, id);

-- What was given up, for the operator to look at and to run again.
CREATE TABLE task_failed (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  payload    TEXT NOT NULL,
  attempts   BIGINT NOT NULL,
  last_error TEXT NOT NULL,
  failed_at  BIGINT NOT NULL
);
