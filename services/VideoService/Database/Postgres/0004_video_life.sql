-- Frames without a usable picture, where the caller asked to skip or hold them. A frame that has a row in video_frames, too, had a picture when it was pinned:
-- it turned out missing or damaged at the render, and a retry looks for it again. error is JSON, text to the database.
CREATE TABLE video_frame_failures (
  video_id text COLLATE "C" NOT NULL,
  number   integer NOT NULL,
  error    text    NOT NULL,
  PRIMARY KEY (video_id, number),
  FOREIGN KEY (video_id) REFERENCES videos (video_id)
);
