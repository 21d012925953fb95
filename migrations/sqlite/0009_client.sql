-- Programs that speak for people through the Mastodon client API (OAuth 2).
CREATE TABLE client_app (
  id             INTEGER PRIMARY KEY,
  client_id      TEXT NOT NULL UNIQUE,
  secret_hash    TEXT NOT NULL,
  name           TEXT NOT NULL,
  website        TEXT,
  -- A JSON list; compared letter for letter.
  redirect_uris  TEXT NOT NULL,
  scopes         TEXT NOT NULL,
  created_at     BIGINT NOT NULL
);

-- A code between the consent page and the token; good for one use and ten minutes.
CREATE TABLE client_grant (
  code_hash    TEXT PRIMARY KEY,
  app_id       BIGINT NOT NULL REFERENCES client_app (id),
  account_id   BIGINT NOT NULL,
  -- The commune (INSEE code) whose office the program will act as; none: the person herself.
  office       TEXT,
  redirect_uri TEXT NOT NULL,
  scopes       TEXT NOT NULL,
  challenge    TEXT,
  expires_at   BIGINT NOT NULL,
  -- The token it was changed for: a second use of the code ends that token (RFC 6749, 4.1.2).
  token_id     BIGINT
);

CREATE TABLE client_token (
  id          INTEGER PRIMARY KEY,
  token_hash  TEXT NOT NULL UNIQUE,
  app_id      BIGINT REFERENCES client_app (id),
  -- None: a program without a person (client_credentials).
  account_id  BIGINT,
  office      TEXT,
  scopes      TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  revoked_at  BIGINT
);
CREATE INDEX client_token_account ON client_token (account_id);

-- What an Idempotency-Key made, so that sending it again makes nothing new.
CREATE TABLE client_idempotency (
  actor_id   BIGINT NOT NULL,
  key_hash   TEXT NOT NULL,
  status_id  BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (actor_id, key_hash)
);
CREATE INDEX client_idempotency_age ON client_idempotency (created_at);

-- Where a person stopped reading.
CREATE TABLE client_marker (
  actor_id   BIGINT NOT NULL,
  timeline   TEXT NOT NULL,
  last_read  TEXT NOT NULL,
  version    BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (actor_id, timeline)
);
