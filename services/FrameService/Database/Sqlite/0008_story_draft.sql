-- A story that a provider has begun, as JSON, until it is whole: what is paid is not paid again after a crash or an outage.
ALTER TABLE sessions ADD COLUMN story_draft text;
