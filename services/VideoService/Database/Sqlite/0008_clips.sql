-- A clip that an AI service is asked for, once for each session, by the hash of everything that it is asked. The row says "submitting" before the service hears of it, and has the task's ID
-- before anything else happens after that, so that no task is paid twice: whoever comes after a crash goes on with the task.
CREATE TABLE clip_tasks (
  user_id       text    NOT NULL,
  request_id    text    NOT NULL,
  input_hash    text    NOT NULL,
  number        integer NOT NULL,
  provider      text    NOT NULL,
  model         text    NOT NULL,
  asked         text    NOT NULL,
  status        text    NOT NULL,
  submissions   integer NOT NULL DEFAULT 0,
  lost          integer NOT NULL DEFAULT 0,
  failures      integer NOT NULL DEFAULT 0,
  owner_video   text,
  owner_attempt integer,
  task_id       text,
  due_at        text,
  tried_since   text,
  error         text,
  object_key    text,
  footage       text,
  created_at    text NOT NULL,
  PRIMARY KEY (user_id, request_id, input_hash)
);

-- Those at which a service may be at work, which are few.
CREATE INDEX clip_tasks_at_work ON clip_tasks (provider, status) WHERE status IN ('submitting', 'running');

-- Which film wants which clip, and how often that had failed when it began to.
CREATE TABLE clip_wants (
  video_id   text    NOT NULL,
  number     integer NOT NULL,
  user_id    text    NOT NULL,
  request_id text    NOT NULL,
  input_hash text    NOT NULL,
  failures   integer NOT NULL,
  -- Why the renderer made it in the service's place.
  error      text,
  PRIMARY KEY (video_id, number),
  FOREIGN KEY (video_id) REFERENCES videos (video_id)
);

CREATE INDEX clip_wants_of_task ON clip_wants (user_id, request_id, input_hash);
