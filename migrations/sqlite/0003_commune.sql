-- The official list: every commune of France and what surrounds it. Loaded from migrations/data/ at the first
-- start, replaced when a newer table comes; what people do with a commune lies in tables of its own below.
CREATE TABLE commune_region (
  code    TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  -- INSEE's code of the article (TNCC), 0 to 8.
  article BIGINT NOT NULL
);

CREATE TABLE commune_department (
  code    TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  article BIGINT NOT NULL,
  region  TEXT NOT NULL,
  -- The commune in which the prefecture is.
  seat    TEXT NOT NULL
);

-- The State's districts (arrondissements).
CREATE TABLE commune_district (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL
);

-- Inter-municipal bodies, by their SIREN.
CREATE TABLE commune_epci (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL
);

CREATE TABLE commune (
  -- INSEE code.
  code         TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  article      BIGINT NOT NULL,
  status       TEXT NOT NULL,
  department   TEXT NOT NULL,
  region       TEXT NOT NULL,
  district     TEXT,
  epci         TEXT,
  siren        TEXT,
  population   BIGINT,
  -- Separated by blanks, in order.
  postal_codes TEXT NOT NULL,
  slug         TEXT NOT NULL,
  -- Slug and département, the page's place.
  address      TEXT NOT NULL UNIQUE,
  -- What its actor is, or would be, called.
  handle       TEXT NOT NULL UNIQUE,
  -- The commune into which it has merged; such a row is only a signpost.
  successor    TEXT
);
CREATE INDEX commune_slug ON commune (slug);
CREATE INDEX commune_of_department ON commune (department, slug);
CREATE INDEX commune_of_epci ON commune (epci);
CREATE INDEX commune_of_district ON commune (district);

-- Codes, names and addresses of former times that lead to a commune of today.
CREATE TABLE commune_former (
  code      TEXT PRIMARY KEY,
  name      TEXT,
  kind      TEXT NOT NULL,
  address   TEXT,
  successor TEXT NOT NULL
);
CREATE INDEX commune_former_address ON commune_former (address);
CREATE INDEX commune_former_successor ON commune_former (successor);

-- Addresses a commune had under a name it no longer bears.
CREATE TABLE commune_old_address (
  address TEXT PRIMARY KEY,
  code    TEXT NOT NULL
);

-- Communes whose town hall is here, with the two actors made for it.
CREATE TABLE commune_claim (
  code             TEXT PRIMARY KEY,
  -- The mayor's office (Person) and the commune (Organization).
  mayor_actor_id   BIGINT NOT NULL UNIQUE,
  commune_actor_id BIGINT NOT NULL UNIQUE,
  claimed_at       BIGINT NOT NULL,
  -- How the town hall proved itself, in words; shown with the badge.
  verified_by      TEXT NOT NULL,
  verified_at      BIGINT NOT NULL
);

-- Who has held the mayor's office since the claim. The actor stays, the person changes.
CREATE TABLE commune_mandate (
  id          INTEGER PRIMARY KEY,
  code        TEXT NOT NULL,
  holder_name TEXT NOT NULL,
  -- 'f', 'm' or '' for words like "la maire".
  gender      TEXT NOT NULL CHECK (gender IN ('f', 'm', '')),
  -- Years, as in "maire (2026-2032)".
  from_year   BIGINT NOT NULL,
  to_year     BIGINT,
  started_at  BIGINT NOT NULL,
  ended_at    BIGINT
);
CREATE UNIQUE INDEX commune_mandate_current ON commune_mandate (code) WHERE ended_at IS NULL;

-- What the town hall says of its commune.
CREATE TABLE commune_presentation (
  code         TEXT PRIMARY KEY,
  -- Markdown as typed, and the HTML made of it.
  body_source  TEXT NOT NULL,
  body_html    TEXT NOT NULL,
  address      TEXT NOT NULL,
  phone        TEXT NOT NULL,
  email        TEXT NOT NULL,
  website      TEXT NOT NULL,
  -- One line a day or a rule: "Lundi : 9 h – 12 h".
  opening      TEXT NOT NULL,
  edited_by    BIGINT NOT NULL,
  edited_at    BIGINT NOT NULL
);

-- How many accounts belong to a commune: what the page of one that is not claimed yet says.
CREATE TABLE commune_reach (
  code     TEXT PRIMARY KEY,
  citizens BIGINT NOT NULL
);

-- Sections that a town hall switched off in its commune; what is in them is kept.
CREATE TABLE commune_section (
  code      TEXT NOT NULL,
  -- 'agenda', 'polls', 'groups', 'messages'.
  section   TEXT NOT NULL,
  -- By which account, and when.
  closed_by BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  PRIMARY KEY (code, section)
);
