-- One row per synced table: the Delta version that its rows are. It is written in the transaction
-- of the rows, so that both are there or neither.
CREATE SCHEMA IF NOT EXISTS kurrentlake;
CREATE TABLE IF NOT EXISTS kurrentlake.sync_state (
  target text PRIMARY KEY,
  source text NOT NULL,
  source_id text NOT NULL,
  delta_version bigint NOT NULL,
  run_id text NOT NULL,
  synced_at timestamptz NOT NULL DEFAULT now()
);
-- What was done with text that Postgres cannot hold; the first tables of states did not say it.
ALTER TABLE kurrentlake.sync_state ADD COLUMN IF NOT EXISTS bad_text text NOT NULL DEFAULT 'REFUSE';
COMMENT ON TABLE kurrentlake.sync_state IS 'One row per synced table: the Delta version it holds';
