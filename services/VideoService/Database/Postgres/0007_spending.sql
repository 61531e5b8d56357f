-- Each call of a provider that costs something: reserved before it is made, at the most that it can cost, and settled with what it did cost. A row that stays reserved is a call whose end
-- nobody knows; it counts. Money is in millionths of a dollar.
CREATE TABLE spending (
  user_id       text COLLATE "C" NOT NULL,
  resource_id   text COLLATE "C" NOT NULL,
  call_id       text COLLATE "C" NOT NULL,
  provider      text   NOT NULL,
  model         text   NOT NULL,
  kind          text   NOT NULL,
  status        text   NOT NULL,
  cost_micros   bigint NOT NULL,
  pictures      bigint NOT NULL DEFAULT 0,
  input_tokens  bigint NOT NULL DEFAULT 0,
  output_tokens bigint NOT NULL DEFAULT 0,
  seconds       double precision NOT NULL DEFAULT 0,
  reserved_at   timestamptz NOT NULL,
  ended_at      timestamptz,
  PRIMARY KEY (user_id, resource_id, call_id)
);

-- What a user has spent since the beginning of a month; and what is old.
CREATE INDEX spending_of_user ON spending (user_id, reserved_at);
CREATE INDEX spending_by_age ON spending (reserved_at);
