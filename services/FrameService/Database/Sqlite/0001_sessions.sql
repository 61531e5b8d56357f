-- One generation. A deleted one keeps its row as a tombstone, so that nothing late brings it back.
CREATE TABLE sessions (
  user_id           text    NOT NULL,
  request_id        text    NOT NULL,
  status            text    NOT NULL,
  stage             text,
  progress          integer NOT NULL DEFAULT 0,
  revision          integer NOT NULL DEFAULT 1,
  frames_revision   integer NOT NULL DEFAULT 0,
  manifest_revision integer NOT NULL DEFAULT 0,
  event_number      integer NOT NULL DEFAULT 0,
  attempt           integer NOT NULL DEFAULT 0,
  idle_attempts     integer NOT NULL DEFAULT 0,
  original_prompt   text,
  style             text,
  mood              text,
  video_duration    double precision,
  frame_count       integer NOT NULL DEFAULT 0,
  aspect_ratio      text    NOT NULL,
  seed              bigint,
  story             text,
  metadata          text,
  error             text,
  pictures_made     integer NOT NULL DEFAULT 0,
  provider          text,
  created_at        text    NOT NULL,
  updated_at        text    NOT NULL,
  deleted_at        text,
  purged_at         text,
  PRIMARY KEY (user_id, request_id)
);

-- The newest sessions of one user.
CREATE INDEX sessions_newest ON sessions (user_id, created_at DESC, request_id DESC) WHERE deleted_at IS NULL;
CREATE INDEX sessions_unfinished ON sessions (status) WHERE status IN ('queued', 'in_progress');
CREATE INDEX sessions_unwritten ON sessions (updated_at) WHERE manifest_revision < revision AND deleted_at IS NULL;
CREATE INDEX sessions_unpurged ON sessions (deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;

CREATE TABLE frames (
  user_id      text    NOT NULL,
  request_id   text    NOT NULL,
  number       integer NOT NULL,
  status       text    NOT NULL,
  revision     integer NOT NULL DEFAULT 1,
  timestamp    text,
  description  text,
  prompt       text,
  scene_story  text,
  object_key   text,
  sha256       text,
  content_type text,
  bytes        bigint,
  width        integer,
  height       integer,
  provider     text,
  model        text,
  error        text,
  updated_at   text    NOT NULL,
  PRIMARY KEY (user_id, request_id, number),
  FOREIGN KEY (user_id, request_id) REFERENCES sessions (user_id, request_id)
);

-- Pictures that the object store has refused, until it takes them.
CREATE TABLE parked (
  user_id    text    NOT NULL,
  request_id text    NOT NULL,
  object_key text    NOT NULL,
  bytes      bigint  NOT NULL,
  content    blob    NOT NULL,
  parked_at  text    NOT NULL,
  PRIMARY KEY (object_key)
);

CREATE INDEX parked_by_request ON parked (user_id, request_id);

CREATE TABLE events (
  user_id     text    NOT NULL,
  resource_id text    NOT NULL,
  number      bigint  NOT NULL,
  type        text    NOT NULL,
  attempt     integer NOT NULL,
  time        text    NOT NULL,
  data        text    NOT NULL,
  PRIMARY KEY (user_id, resource_id, number)
);

-- What VideoService follows to remove the films of deleted sessions.
CREATE TABLE deletions (
  sequence   integer PRIMARY KEY AUTOINCREMENT,
  user_id    text NOT NULL,
  request_id text NOT NULL,
  deleted_at text NOT NULL
);
