-- Mails to be sent; the body is emptied once a mail has left.
CREATE TABLE mail (
  id           BIGINT PRIMARY KEY,
  to_address   TEXT NOT NULL,
  subject      TEXT NOT NULL,
  body_text    TEXT NOT NULL,
  body_html    TEXT NOT NULL,
  headers_json TEXT NOT NULL,
  kind         TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'refused')),
  last_error   TEXT,
  created_at   BIGINT NOT NULL,
  sent_at      BIGINT
);
CREATE INDEX mail_created ON mail (created_at);

-- Uploaded pictures and documents; those attached to nothing are removed after a day.
CREATE TABLE media (
  id          BIGINT PRIMARY KEY,
  owner_id    BIGINT NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('image', 'document')),
  mime        TEXT NOT NULL,
  file_name   TEXT NOT NULL,
  bytes       BIGINT NOT NULL,
  sha256      TEXT NOT NULL,
  width       BIGINT,
  height      BIGINT,
  blurhash    TEXT,
  alt         TEXT NOT NULL DEFAULT '',
  focus_x     DOUBLE PRECISION NOT NULL DEFAULT 0,
  focus_y     DOUBLE PRECISION NOT NULL DEFAULT 0,
  path        TEXT NOT NULL,
  thumb_path  TEXT,
  attached    BOOLEAN NOT NULL DEFAULT FALSE,
  -- Taken from sight by moderators: its file is given to nobody.
  withheld    BOOLEAN NOT NULL DEFAULT FALSE,
  created_at  BIGINT NOT NULL
);
CREATE INDEX media_loose ON media (created_at) WHERE NOT attached;
CREATE INDEX media_path ON media (path);
CREATE INDEX media_thumb ON media (thumb_path);
