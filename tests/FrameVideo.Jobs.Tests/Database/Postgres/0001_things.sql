CREATE TABLE things (
  name  text   NOT NULL PRIMARY KEY,
  value bigint NOT NULL
);
