-- Where the events of a session or a film are sent to. Stopped once the receiver has said 410.
CREATE TABLE callbacks (
  user_id     text COLLATE "C" NOT NULL,
  resource_id text COLLATE "C" NOT NULL,
  url         text        NOT NULL,
  host        text COLLATE "C" NOT NULL,
  stopped_at  timestamptz,
  PRIMARY KEY (user_id, resource_id)
);

-- One event on its way to one receiver; what is sent is the event itself. It goes with the event.
-- attempts counts every claim, so that only the latest one may write; step is how much of the schedule of retries is used up.
CREATE TABLE deliveries (
  user_id     text COLLATE "C" NOT NULL,
  resource_id text COLLATE "C" NOT NULL,
  number      bigint      NOT NULL,
  type        text        NOT NULL,
  url         text        NOT NULL,
  host        text COLLATE "C" NOT NULL,
  status      text        NOT NULL,
  attempts    integer     NOT NULL DEFAULT 0,
  step        integer     NOT NULL DEFAULT 0,
  history     text        NOT NULL DEFAULT '[]',
  created_at  timestamptz NOT NULL,
  next_at     timestamptz,
  lease_until timestamptz,
  PRIMARY KEY (user_id, resource_id, number),
  FOREIGN KEY (user_id, resource_id, number) REFERENCES events (user_id, resource_id, number) ON DELETE CASCADE
);

-- From host to host, and of each the oldest that is due: a receiver with many in arrears costs the others nothing.
CREATE INDEX deliveries_pending ON deliveries (host, next_at) WHERE status = 'pending';
CREATE INDEX deliveries_ended ON deliveries (created_at) WHERE status <> 'pending';
