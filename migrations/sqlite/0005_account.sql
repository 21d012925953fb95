-- People who sign in. Each has an actor of her own, dark until she chooses otherwise.
CREATE TABLE account (
  id            INTEGER PRIMARY KEY,
  actor_id      BIGINT NOT NULL UNIQUE,
  -- As she typed it; emptied with the rest when the account ends.
  email         TEXT NOT NULL,
  -- As it is compared; NULL once the account has ended, so that the address is free again.
  email_key     TEXT UNIQUE,
  -- argon2id in PHC form; empty: nobody can sign in with a password.
  password_hash TEXT NOT NULL,
  -- INSEE code of the commune she belongs to.
  commune       TEXT NOT NULL,
  -- Preferences; empty: what the browser says.
  lang          TEXT NOT NULL DEFAULT '',
  theme         TEXT NOT NULL DEFAULT '',
  font          TEXT NOT NULL DEFAULT '',
  -- What she says of herself, as typed; the actor holds the HTML made of it.
  bio           TEXT NOT NULL DEFAULT '',
  photo_id      BIGINT,
  created_at    BIGINT NOT NULL,
  -- Exact to some minutes: accounts nobody uses are removed after two years.
  seen_at       BIGINT NOT NULL,
  -- When she was told that her account would be removed because nobody uses it.
  warned_at     BIGINT,
  -- Tokens of the API made before this instant are void: she changed her password, or logged out everywhere.
  secured_at    BIGINT NOT NULL DEFAULT 0,
  ended_at      BIGINT
);
CREATE INDEX account_commune ON account (commune, id);
CREATE INDEX account_seen ON account (seen_at) WHERE ended_at IS NULL;

CREATE TABLE account_session (
  id         INTEGER PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES account (id),
  -- SHA-256 of the cookie's token: who reads the table cannot sign in with it.
  token_hash BLOB NOT NULL UNIQUE,
  -- "Firefox, Android": enough to recognise one's own device.
  device     TEXT NOT NULL,
  -- Kept when the browser is closed.
  lasting    BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX account_session_account ON account_session (account_id, seen_at);
CREATE INDEX account_session_expiry ON account_session (expires_at);

-- Deeds that wait for a code sent by mail: sign-ups, new passwords, new addresses. Nothing of them has any
-- effect before the code is typed; they go after a day.
CREATE TABLE account_code (
  id          INTEGER PRIMARY KEY,
  purpose     TEXT NOT NULL CHECK (purpose IN ('sign-up', 'password', 'email')),
  -- SHA-256 of the token of the browser that asked.
  token_hash  BLOB NOT NULL UNIQUE,
  -- Whose deed it is, when she is signed in.
  account_id  BIGINT,
  -- The address as compared, hashed: how often it was written to is counted whether it is known or not.
  address     BLOB NOT NULL,
  -- What was typed (JSON).
  payload     TEXT NOT NULL,
  -- SHA-256 of token and code.
  code_hash   BLOB NOT NULL,
  attempts    BIGINT NOT NULL DEFAULT 0,
  expires_at  BIGINT NOT NULL,
  created_at  BIGINT NOT NULL
);
CREATE INDEX account_code_age ON account_code (created_at);

-- How often an address was sent a code.
CREATE TABLE account_code_sent (
  id      INTEGER PRIMARY KEY,
  address BLOB NOT NULL,
  sent_at BIGINT NOT NULL
);
CREATE INDEX account_code_sent_address ON account_code_sent (address, sent_at);

-- Wrong passwords for one name, whether somebody bears it or not; counted here so that several processes
-- count together.
CREATE TABLE account_attempt (
  -- SHA-256 of the name as compared.
  name        BLOB PRIMARY KEY,
  failures    BIGINT NOT NULL,
  -- How many times it was closed in a row: each lasts longer.
  closures    BIGINT NOT NULL,
  closed_till BIGINT NOT NULL,
  changed_at  BIGINT NOT NULL
);
CREATE INDEX account_attempt_age ON account_attempt (changed_at);

-- What somebody may do beyond being a citizen of her commune.
CREATE TABLE account_role (
  id         INTEGER PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES account (id),
  role       TEXT NOT NULL CHECK (role IN ('operator', 'mayor', 'delegate', 'moderator', 'opposition')),
  -- INSEE code; empty for the operator, who has no commune.
  commune    TEXT NOT NULL,
  -- Rights of a delegate, separated by blanks.
  rights     TEXT NOT NULL,
  -- NULL: by the command line.
  granted_by BIGINT,
  granted_at BIGINT NOT NULL,
  UNIQUE (account_id, role, commune)
);
CREATE INDEX account_role_commune ON account_role (commune, role);
CREATE UNIQUE INDEX account_role_mayor ON account_role (commune) WHERE role = 'mayor';

-- Residents the town hall knows to be residents; without a row, declared only.
CREATE TABLE account_verification (
  account_id  BIGINT PRIMARY KEY REFERENCES account (id),
  commune     TEXT NOT NULL,
  -- How, in words.
  means       TEXT NOT NULL,
  verified_by BIGINT,
  verified_at BIGINT NOT NULL
);

-- Offers of a role, by mail, until they are taken up.
CREATE TABLE account_invitation (
  id         INTEGER PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  email      TEXT NOT NULL,
  commune    TEXT NOT NULL,
  role       TEXT NOT NULL CHECK (role IN ('delegate', 'moderator')),
  rights     TEXT NOT NULL,
  invited_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX account_invitation_commune ON account_invitation (commune, id);

-- Who did what that others must be able to check later. No names, no texts: ids and codes.
CREATE TABLE account_audit (
  id         INTEGER PRIMARY KEY,
  -- NULL: the command line, or the program itself.
  by_account BIGINT,
  deed       TEXT NOT NULL,
  -- About whom, about which commune.
  account_id BIGINT,
  commune    TEXT NOT NULL DEFAULT '',
  detail     TEXT NOT NULL DEFAULT '',
  done_at    BIGINT NOT NULL
);
CREATE INDEX account_audit_account ON account_audit (account_id, id);
CREATE INDEX account_audit_commune ON account_audit (commune, id);
