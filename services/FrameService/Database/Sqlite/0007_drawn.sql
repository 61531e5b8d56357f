-- max_cost_micros: what the request allows for all paid calls, in millionths of a dollar; reference_key: the picture that frames are to keep to.
ALTER TABLE sessions ADD COLUMN max_cost_micros bigint;
ALTER TABLE sessions ADD COLUMN reference_key   text;

-- Pictures that a provider has drawn, by a hash of all that it was asked with: asked again within the session, it is not paid again.
CREATE TABLE drawn_frames (
  user_id     text NOT NULL,
  request_id  text NOT NULL,
  fingerprint text NOT NULL,
  object_key  text NOT NULL,
  drawn_at    text NOT NULL,
  PRIMARY KEY (user_id, request_id, fingerprint)
);
