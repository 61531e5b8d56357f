CREATE TABLE more (
  name  text   NOT NULL PRIMARY KEY,
  value bigint NOT NULL
);
