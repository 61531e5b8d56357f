CREATE TABLE others (
  name  text   NOT NULL PRIMARY KEY,
  value bigint NOT NULL
);
