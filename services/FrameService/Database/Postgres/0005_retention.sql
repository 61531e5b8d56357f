-- Pictures that a frame showed before another one came, or before a save removed the frame: films that were asked for with them read them by key. One that was
-- removed stands here for a while longer, so that whoever puts the same picture at that moment looks again.
CREATE TABLE superseded_frames (
  user_id    text COLLATE "C" NOT NULL,
  request_id text COLLATE "C" NOT NULL,
  object_key text COLLATE "C" NOT NULL,
  since      timestamptz NOT NULL,
  removed_at timestamptz,
  PRIMARY KEY (user_id, request_id, object_key)
);

CREATE INDEX superseded_frames_due ON superseded_frames (since) WHERE removed_at IS NULL;
CREATE INDEX superseded_frames_removed ON superseded_frames (removed_at) WHERE removed_at IS NOT NULL;

-- What has been left alone for the longest, by status: each has its own age. And tombstones by theirs.
CREATE INDEX sessions_settled ON sessions (status, updated_at) WHERE deleted_at IS NULL;
CREATE INDEX sessions_purged ON sessions (purged_at) WHERE purged_at IS NOT NULL;

-- An entry without a request is for everything of the user.
ALTER TABLE deletions ALTER COLUMN request_id DROP NOT NULL;
CREATE INDEX deletions_by_session ON deletions (user_id, request_id);

-- Up to where VideoService has read the deletions.
CREATE TABLE feed_positions (
  feed     text   NOT NULL PRIMARY KEY,
  sequence bigint NOT NULL
);

-- The erasure of a user: what it has removed, and whether it is done.
CREATE TABLE erasures (
  user_id      text COLLATE "C" NOT NULL PRIMARY KEY,
  origin       text        NOT NULL,
  requested_at timestamptz NOT NULL,
  buried_at    timestamptz,
  completed_at timestamptz,
  sessions     bigint      NOT NULL DEFAULT 0,
  frames       bigint      NOT NULL DEFAULT 0,
  videos       bigint      NOT NULL DEFAULT 0,
  objects      bigint      NOT NULL DEFAULT 0,
  rows_removed bigint      NOT NULL DEFAULT 0,
  objects_left bigint      NOT NULL DEFAULT 0
);

CREATE INDEX erasures_unfinished ON erasures (requested_at) WHERE completed_at IS NULL;
