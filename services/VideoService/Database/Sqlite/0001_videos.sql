-- One film. A deleted one keeps its row as a tombstone until its objects are gone.
CREATE TABLE videos (
  video_id         text    NOT NULL PRIMARY KEY,
  user_id          text    NOT NULL,
  request_id       text    NOT NULL,
  status           text    NOT NULL,
  stage            text,
  progress         integer NOT NULL DEFAULT 0,
  revision         integer NOT NULL DEFAULT 1,
  event_number     integer NOT NULL DEFAULT 0,
  -- Counted up whenever a worker takes the film; only the latest attempt may write.
  attempt          integer NOT NULL DEFAULT 0,
  idle_attempts    integer NOT NULL DEFAULT 0,
  settings         text    NOT NULL,
  frames_revision  bigint  NOT NULL,
  duration         double precision NOT NULL,
  fps              integer NOT NULL,
  width            integer NOT NULL,
  height           integer NOT NULL,
  metadata         text,
  error            text,
  film_key         text,
  poster_key       text,
  sha256           text,
  bytes            bigint,
  created_at       text    NOT NULL,
  started_at       text,
  completed_at     text,
  deleted_at       text,
  purged_at        text
);

-- The newest films of one user, and of one request.
CREATE INDEX videos_newest ON videos (user_id, created_at DESC, video_id DESC) WHERE deleted_at IS NULL;
CREATE INDEX videos_of_request ON videos (user_id, request_id, created_at DESC, video_id DESC);
CREATE INDEX videos_unfinished ON videos (status) WHERE status IN ('queued', 'in_progress');
CREATE INDEX videos_unpurged ON videos (deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;

-- The session's frames as they were when the film was asked for. Bytes stand here only where the store did not have them then.
CREATE TABLE video_frames (
  video_id    text    NOT NULL,
  number      integer NOT NULL,
  status      text    NOT NULL,
  object_key  text    NOT NULL,
  sha256      text    NOT NULL,
  width       integer NOT NULL,
  height      integer NOT NULL,
  timestamp   text,
  description text,
  prompt      text,
  scene_story text,
  inline      blob,
  PRIMARY KEY (video_id, number),
  FOREIGN KEY (video_id) REFERENCES videos (video_id)
);

-- Clips and joints in the order of the film. The key is known once a worker has planned with its encoder.
CREATE TABLE video_pieces (
  video_id    text    NOT NULL,
  position    integer NOT NULL,
  kind        text    NOT NULL,
  number      integer NOT NULL,
  start_frame integer NOT NULL,
  frame_count integer NOT NULL,
  object_key  text,
  status      text    NOT NULL,
  PRIMARY KEY (video_id, position),
  FOREIGN KEY (video_id) REFERENCES videos (video_id)
);

CREATE INDEX video_pieces_by_key ON video_pieces (object_key);

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

-- Sessions that FrameService has deleted: nothing is made for them any more. Purged once their objects are gone.
CREATE TABLE deleted_sessions (
  user_id    text NOT NULL,
  request_id text NOT NULL,
  sequence   bigint NOT NULL,
  purged_at  text,
  PRIMARY KEY (user_id, request_id)
);

CREATE INDEX deleted_sessions_unpurged ON deleted_sessions (sequence) WHERE purged_at IS NULL;
