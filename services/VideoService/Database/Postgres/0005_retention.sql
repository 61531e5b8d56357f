-- What ended the longest ago, by status: each has its own age. And tombstones by theirs.
CREATE INDEX videos_settled ON videos (status, completed_at) WHERE deleted_at IS NULL AND completed_at IS NOT NULL;
CREATE INDEX videos_purged ON videos (purged_at) WHERE purged_at IS NOT NULL;
CREATE INDEX deleted_sessions_purged ON deleted_sessions (purged_at) WHERE purged_at IS NOT NULL;

-- Up to where FrameService's deletions have been followed. It outlives the tombstones from which it could be read before.
CREATE TABLE feed_positions (
  feed     text   NOT NULL PRIMARY KEY,
  sequence bigint NOT NULL
);
INSERT INTO feed_positions (feed, sequence) SELECT 'deletions', coalesce(max(sequence), 0) FROM deleted_sessions;

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
