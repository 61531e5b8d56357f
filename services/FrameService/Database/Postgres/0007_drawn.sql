-- max_cost_micros: what the request allows for all paid calls, in millionths of a dollar; reference_key: the picture that frames are to keep to.
ALTER TABLE sessions
  ADD COLUMN max_cost_micros bigint,
  ADD COLUMN reference_key   text COLLATE "C";

-- Pictures that a provider has drawn, by a hash of all that it was asked with: asked again within the session, it is not paid again.
CREATE TABLE drawn_frames (
  user_id     text COLLATE "C" NOT NULL,
  request_id  text COLLATE "C" NOT NULL,
  fingerprint text COLLATE "C" NOT NULL,
  object_key  text COLLATE "C" NOT NULL,
  drawn_at    timestamptz NOT NULL,
  PRIMARY KEY (user_id, request_id, fingerprint)
);
