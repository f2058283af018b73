-- A store as the program made it that wrote schema 1.
CREATE TABLE schema (
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE streams (
    n INTEGER PRIMARY KEY,
    stream_id BLOB NOT NULL CHECK (length(stream_id) = 16),
    kind INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX streams_by_id ON streams (stream_id, kind);

CREATE TABLE event_kinds (
    kind INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- The small columns come first: the head of a stream is read without its payloads.
CREATE TABLE events (
    n INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    v INTEGER NOT NULL,
    request_key TEXT,
    request_hash BLOB,
    request_version INTEGER,
    cause TEXT NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (n, seq)
) STRICT;
CREATE UNIQUE INDEX events_by_request ON events (n, request_key) WHERE request_key IS NOT NULL;

CREATE TABLE index_rows (
    n INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    version INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    next_deadline INTEGER,
    system TEXT NOT NULL,
    reference TEXT NOT NULL,
    facts TEXT NOT NULL
) STRICT;
CREATE INDEX index_rows_by_kind ON index_rows (kind);
CREATE INDEX index_rows_by_deadline ON index_rows (next_deadline)
    WHERE next_deadline IS NOT NULL;

CREATE TABLE search (
    term TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (term, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_by_stream ON search (n);

CREATE TABLE entries (
    n INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    i INTEGER NOT NULL,
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (n, seq, i)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    n INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    i INTEGER NOT NULL,
    due INTEGER NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (n, seq, i)
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
    mark TEXT PRIMARY KEY NOT NULL,
    key BLOB NOT NULL CHECK (length(key) = 32),
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    address TEXT NOT NULL
) STRICT;

CREATE TABLE imports (
    i INTEGER PRIMARY KEY,
    file_hash BLOB NOT NULL CHECK (length(file_hash) = 32),
    file TEXT NOT NULL,
    format TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    imported_at INTEGER NOT NULL,
    rows_new INTEGER NOT NULL,
    rows_changed INTEGER NOT NULL,
    rows_same INTEGER NOT NULL,
    rows_rejected INTEGER NOT NULL
) STRICT;
CREATE INDEX imports_by_file ON imports (file_hash);

INSERT INTO schema (version) VALUES (1);
PRAGMA application_id = 1213156420;
