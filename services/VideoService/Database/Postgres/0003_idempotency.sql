-- What requests with an Idempotency-Key came to. Without a status it is the mark of one that runs, and ends_at the end of its lease.
CREATE TABLE idempotency_keys (
  user_id         text COLLATE "C" NOT NULL,
  idempotency_key text COLLATE "C" NOT NULL,
  fingerprint     text        NOT NULL,
  instance        text        NOT NULL,
  mark            text        NOT NULL,
  status          integer,
  resource        text,
  ends_at         timestamptz NOT NULL,
  PRIMARY KEY (user_id, idempotency_key)
);

CREATE INDEX idempotency_keys_by_end ON idempotency_keys (ends_at);

-- How many jobs a user has waiting.
CREATE INDEX videos_open ON videos (user_id) WHERE status IN ('queued', 'in_progress') AND deleted_at IS NULL;
