-- Private messages. Columns of type BLOB are sealed (platform::vault) unless a comment says otherwise.

-- What a town hall has chosen; without a row, the usual.
CREATE TABLE messages_setting (
  commune       TEXT PRIMARY KEY,
  -- Delay of the acknowledgement, in days; working days or calendar days.
  ack_days      BIGINT NOT NULL,
  ack_working   BOOLEAN NOT NULL,
  -- Working days before a delay ends on which the agents are told.
  remind_days   BIGINT NOT NULL,
  -- Months after which silence has a meaning.
  answer_months BIGINT NOT NULL,
  -- Whether a new mayor finds the conversations of the one before closed to her.
  seal          BOOLEAN NOT NULL
);

-- The services of a town hall that can be written to. The mayor herself is no row: service 0.
CREATE TABLE messages_service (
  id          INTEGER PRIMARY KEY,
  commune     TEXT NOT NULL,
  name        TEXT NOT NULL,
  description TEXT NOT NULL,
  email       TEXT NOT NULL,
  phone       TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  -- Cannot be written to any more.
  closed_at   BIGINT
);
CREATE INDEX messages_service_commune ON messages_service (commune, id);

-- Which agents read the letters of which service (0: the mayor's). They need the right too.
CREATE TABLE messages_agent (
  commune    TEXT NOT NULL,
  service_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  PRIMARY KEY (commune, service_id, account_id)
);
CREATE INDEX messages_agent_account ON messages_agent (account_id);

CREATE TABLE messages_thread (
  id          INTEGER PRIMARY KEY,
  commune     TEXT NOT NULL,
  service_id  BIGINT NOT NULL,
  -- The actor of the town hall that was written to.
  office_id   BIGINT NOT NULL,
  -- Who wrote first: a citizen of this server, or somebody of another one. NULL: her account has ended.
  writer_id   BIGINT,
  kind        TEXT NOT NULL CHECK (kind IN ('conversation', 'request')),
  remote      BOOLEAN NOT NULL,
  subject     BLOB NOT NULL,
  -- The mandate under which it began: from year and holder.
  mandate     TEXT NOT NULL,
  -- The agent to whom it was given.
  assigned_to BIGINT,
  closed_at   BIGINT,
  -- The writer has removed it from her list; a new message brings it back.
  hidden_at   BIGINT,
  created_at  BIGINT NOT NULL,
  -- Id of the last message both sides see.
  last_id     BIGINT NOT NULL,
  -- Whether the town hall wrote it.
  last_office BOOLEAN NOT NULL
);
CREATE INDEX messages_thread_writer ON messages_thread (writer_id, last_id);
CREATE INDEX messages_thread_commune ON messages_thread (commune, last_id);
CREATE INDEX messages_thread_service ON messages_thread (commune, service_id, last_id);
-- What waits for the town hall: counted for every page that an agent opens.
CREATE INDEX messages_thread_waiting ON messages_thread (commune, id) WHERE NOT last_office AND closed_at IS NULL;
CREATE INDEX messages_thread_assigned ON messages_thread (assigned_to, last_id) WHERE assigned_to IS NOT NULL;

CREATE TABLE messages_message (
  id          INTEGER PRIMARY KEY,
  thread_id   BIGINT NOT NULL REFERENCES messages_thread (id),
  -- 'writer', 'office', 'note' (agents only) or 'receipt' (the acknowledgement of a request).
  side        TEXT NOT NULL CHECK (side IN ('writer', 'office', 'note', 'receipt')),
  -- Who is seen to have written it.
  actor_id    BIGINT,
  -- The agent who held the pen, and how she signs.
  account_id  BIGINT,
  byline      TEXT NOT NULL,
  -- Text as typed, or HTML (of other servers); NULL once deleted.
  body        BLOB,
  html        BOOLEAN NOT NULL,
  -- On the wire; NULL for what never leaves.
  uri         TEXT,
  -- To whom it went, what it answers, what hung on it (JSON); only of what came from or went to another server.
  wire        BLOB,
  edited_at   BIGINT,
  deleted_at  BIGINT,
  created_at  BIGINT NOT NULL
);
CREATE INDEX messages_message_thread ON messages_message (thread_id, id);
-- One letter to several town halls of this server lies in a thread of each.
CREATE UNIQUE INDEX messages_message_uri ON messages_message (uri, thread_id) WHERE uri IS NOT NULL;

CREATE TABLE messages_attachment (
  id         INTEGER PRIMARY KEY,
  message_id BIGINT NOT NULL REFERENCES messages_message (id),
  thread_id  BIGINT NOT NULL,
  position   BIGINT NOT NULL,
  name       BLOB NOT NULL,
  mime       TEXT NOT NULL,
  bytes      BIGINT NOT NULL,
  content    BLOB NOT NULL
);
CREATE INDEX messages_attachment_message ON messages_attachment (message_id, position);
CREATE INDEX messages_attachment_thread ON messages_attachment (thread_id);

-- How far somebody has read.
CREATE TABLE messages_read (
  thread_id BIGINT NOT NULL REFERENCES messages_thread (id),
  -- Her own actor.
  reader_id BIGINT NOT NULL,
  -- Whether she read for the town hall.
  office    BOOLEAN NOT NULL,
  up_to     BIGINT NOT NULL,
  read_at   BIGINT NOT NULL,
  PRIMARY KEY (thread_id, reader_id)
);
CREATE INDEX messages_read_reader ON messages_read (reader_id);

-- The last number given in a commune and year. Taken in the transaction of the request: no number is ever missing.
CREATE TABLE messages_number (
  commune TEXT NOT NULL,
  year    BIGINT NOT NULL,
  last    BIGINT NOT NULL,
  PRIMARY KEY (commune, year)
);

CREATE TABLE messages_request (
  thread_id       BIGINT PRIMARY KEY REFERENCES messages_thread (id),
  commune         TEXT NOT NULL,
  year            BIGINT NOT NULL,
  number          BIGINT NOT NULL,
  reference       TEXT NOT NULL,
  -- Name and postal address of whoever asks (JSON).
  person          BLOB NOT NULL,
  registered_at   BIGINT NOT NULL,
  ack_due_at      BIGINT NOT NULL,
  answer_due_at   BIGINT NOT NULL,
  acknowledged_at BIGINT,
  answered_at     BIGINT,
  UNIQUE (commune, year, number)
);
CREATE INDEX messages_request_waiting ON messages_request (ack_due_at) WHERE acknowledged_at IS NULL;

-- Who of the town hall did what with a thread.
CREATE TABLE messages_log (
  id         INTEGER PRIMARY KEY,
  thread_id  BIGINT NOT NULL REFERENCES messages_thread (id),
  -- NULL: the program itself.
  account_id BIGINT,
  name       TEXT NOT NULL,
  deed       TEXT NOT NULL,
  detail     TEXT NOT NULL,
  done_at    BIGINT NOT NULL
);
CREATE INDEX messages_log_thread ON messages_log (thread_id, id);
