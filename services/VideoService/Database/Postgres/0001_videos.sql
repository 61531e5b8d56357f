-- One film. A deleted one keeps its row as a tombstone until its objects are gone.
-- Identifiers are compared byte for byte (COLLATE "C"): lists go on from a place in their order, which must not hang on a locale.
-- settings, metadata, error and the events' data are JSON as it was written, text to the database: nothing asks for their insides, and jsonb would reorder keys.
CREATE TABLE videos (
  video_id         text COLLATE "C" NOT NULL PRIMARY KEY,
  user_id          text COLLATE "C" NOT NULL,
  request_id       text COLLATE "C" NOT NULL,
  status           text        NOT NULL,
  stage            text,
  progress         integer     NOT NULL DEFAULT 0,
  revision         bigint      NOT NULL DEFAULT 1,
  event_number     bigint      NOT NULL DEFAULT 0,
  -- Counted up whenever a worker takes the film; only the latest attempt may write.
  attempt          integer     NOT NULL DEFAULT 0,
  idle_attempts    integer     NOT NULL DEFAULT 0,
  settings         text        NOT NULL,
  frames_revision  bigint      NOT NULL,
  duration         double precision NOT NULL,
  fps              integer     NOT NULL,
  width            integer     NOT NULL,
  height           integer     NOT NULL,
  metadata         text,
  error            text,
  film_key         text COLLATE "C",
  poster_key       text COLLATE "C",
  sha256           text,
  bytes            bigint,
  created_at       timestamptz NOT NULL,
  started_at       timestamptz,
  completed_at     timestamptz,
  deleted_at       timestamptz,
  purged_at        timestamptz
);

-- The newest films of one user, and of one request.
CREATE INDEX videos_newest ON videos (user_id, created_at DESC, video_id DESC) WHERE deleted_at IS NULL;
CREATE INDEX videos_of_request ON videos (user_id, request_id, created_at DESC, video_id DESC);
CREATE INDEX videos_unfinished ON videos (created_at, video_id) WHERE status IN ('queued', 'in_progress') AND deleted_at IS NULL;
CREATE INDEX videos_unpurged ON videos (deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;

-- The session's frames as they were when the film was asked for. Bytes stand here only where the store did not have them then.
CREATE TABLE video_frames (
  video_id    text COLLATE "C" NOT NULL,
  number      integer NOT NULL,
  status      text    NOT NULL,
  object_key  text COLLATE "C" NOT NULL,
  sha256      text    NOT NULL,
  width       integer NOT NULL,
  height      integer NOT NULL,
  timestamp   text,
  description text,
  prompt      text,
  scene_story text,
  inline      bytea,
  PRIMARY KEY (video_id, number),
  FOREIGN KEY (video_id) REFERENCES videos (video_id)
);

-- Pictures are compressed already.
ALTER TABLE video_frames ALTER COLUMN inline SET STORAGE EXTERNAL;

-- Clips and joints in the order of the film. The key is known once a worker has planned with its encoder.
CREATE TABLE video_pieces (
  video_id    text COLLATE "C" NOT NULL,
  position    integer NOT NULL,
  kind        text    NOT NULL,
  number      integer NOT NULL,
  start_frame integer NOT NULL,
  frame_count integer NOT NULL,
  object_key  text COLLATE "C",
  status      text    NOT NULL,
  PRIMARY KEY (video_id, position),
  FOREIGN KEY (video_id) REFERENCES videos (video_id)
);

CREATE INDEX video_pieces_by_key ON video_pieces (object_key);

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

-- Sessions that FrameService has deleted: nothing is made for them any more. Purged once their objects are gone.
CREATE TABLE deleted_sessions (
  user_id    text COLLATE "C" NOT NULL,
  request_id text COLLATE "C" NOT NULL,
  sequence   bigint NOT NULL,
  purged_at  timestamptz,
  PRIMARY KEY (user_id, request_id)
);

CREATE INDEX deleted_sessions_followed ON deleted_sessions (sequence);
CREATE INDEX deleted_sessions_unpurged ON deleted_sessions (sequence) WHERE purged_at IS NULL;
