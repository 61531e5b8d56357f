-- pause_after: where the session waits for an approval ('story', 'frames'); approved_at: when that was given.
-- return_to: the state from which single frames are made again; without it, everything that is missing is made.
ALTER TABLE sessions ADD COLUMN pause_after text;
ALTER TABLE sessions ADD COLUMN approved_at text;
ALTER TABLE sessions ADD COLUMN return_to   text;

-- seed: of the picture that is there; redraw: what another one is asked for with, as JSON.
ALTER TABLE frames ADD COLUMN seed   bigint;
ALTER TABLE frames ADD COLUMN redraw text;
