-- One generation. A deleted one keeps its row as a tombstone, so that nothing late brings it back.
-- Identifiers are compared byte for byte (COLLATE "C"): lists go on from a place in their order, which must not hang on a locale.
-- story, metadata, error and the events' data are JSON as it was written, text to the database: nothing asks for their insides, and jsonb would reorder keys.
CREATE TABLE sessions (
  user_id           text COLLATE "C" NOT NULL,
  request_id        text COLLATE "C" NOT NULL,
  status            text        NOT NULL,
  stage             text,
  progress          integer     NOT NULL DEFAULT 0,
  revision          bigint      NOT NULL DEFAULT 1,
  frames_revision   bigint      NOT NULL DEFAULT 0,
  manifest_revision bigint      NOT NULL DEFAULT 0,
  event_number      bigint      NOT NULL DEFAULT 0,
  attempt           integer     NOT NULL DEFAULT 0,
  idle_attempts     integer     NOT NULL DEFAULT 0,
  original_prompt   text,
  style             text,
  mood              text,
  video_duration    double precision,
  frame_count       integer     NOT NULL DEFAULT 0,
  aspect_ratio      text        NOT NULL,
  seed              bigint,
  story             text,
  metadata          text,
  error             text,
  pictures_made     integer     NOT NULL DEFAULT 0,
  provider          text,
  created_at        timestamptz NOT NULL,
  updated_at        timestamptz NOT NULL,
  deleted_at        timestamptz,
  purged_at         timestamptz,
  PRIMARY KEY (user_id, request_id)
);

-- The newest sessions of one user.
CREATE INDEX sessions_newest ON sessions (user_id, created_at DESC, request_id DESC) WHERE deleted_at IS NULL;
CREATE INDEX sessions_unfinished ON sessions (created_at) WHERE status IN ('queued', 'in_progress') AND deleted_at IS NULL;
CREATE INDEX sessions_unwritten ON sessions (updated_at) WHERE manifest_revision < revision AND deleted_at IS NULL;
CREATE INDEX sessions_unpurged ON sessions (deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;

-- The primary key is also the index by which the frames of one request ID are read.
CREATE TABLE frames (
  user_id      text COLLATE "C" NOT NULL,
  request_id   text COLLATE "C" NOT NULL,
  number       integer     NOT NULL,
  status       text        NOT NULL,
  revision     bigint      NOT NULL DEFAULT 1,
  timestamp    text,
  description  text,
  prompt       text,
  scene_story  text,
  object_key   text COLLATE "C",
  sha256       text,
  content_type text,
  bytes        bigint,
  width        integer,
  height       integer,
  provider     text,
  model        text,
  error        text,
  updated_at   timestamptz NOT NULL,
  PRIMARY KEY (user_id, request_id, number),
  FOREIGN KEY (user_id, request_id) REFERENCES sessions (user_id, request_id)
);

-- Pictures that the object store has refused, until it takes them.
CREATE TABLE parked (
  user_id    text COLLATE "C" NOT NULL,
  request_id text COLLATE "C" NOT NULL,
  object_key text COLLATE "C" NOT NULL,
  bytes      bigint      NOT NULL,
  content    bytea       NOT NULL,
  parked_at  timestamptz NOT NULL,
  PRIMARY KEY (object_key)
);

-- Pictures are compressed already.
ALTER TABLE parked ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE INDEX parked_by_request ON parked (user_id, request_id);
CREATE INDEX parked_by_age ON parked (parked_at);

CREATE TABLE events (
  user_id     text COLLATE "C" NOT NULL,
  resource_id text COLLATE "C" NOT NULL,
  number      bigint      NOT NULL,
  type        text        NOT NULL,
  attempt     integer     NOT NULL,
  time        timestamptz NOT NULL,
  data        text        NOT NULL,
  PRIMARY KEY (user_id, resource_id, number)
);

-- What VideoService follows to remove the films of deleted sessions. Numbers are given out under a lock, so they become visible in their order.
CREATE TABLE deletions (
  sequence   bigint NOT NULL PRIMARY KEY,
  user_id    text COLLATE "C" NOT NULL,
  request_id text COLLATE "C" NOT NULL,
  deleted_at timestamptz NOT NULL
);
