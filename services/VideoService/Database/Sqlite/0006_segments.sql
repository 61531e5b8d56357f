-- What an HLS playlist names, in order: of each piece the segments that it was cut into. They are written with the mark that the piece is completed, and begin anew where the film is cut anew.
CREATE TABLE video_segments (
  video_id   text    NOT NULL,
  track      text    NOT NULL,
  position   integer NOT NULL,
  part       integer NOT NULL,
  seconds    double precision NOT NULL,
  object_key text    NOT NULL,
  init_key   text    NOT NULL,
  PRIMARY KEY (video_id, track, position, part),
  FOREIGN KEY (video_id) REFERENCES videos (video_id)
);
