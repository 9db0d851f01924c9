CREATE SCHEMA IF NOT EXISTS kurrentlake;
CREATE TABLE IF NOT EXISTS kurrentlake.tombstone (
  table_schema text NOT NULL,
  table_name text NOT NULL,
  row_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  key jsonb NOT NULL,
  deleted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX IF NOT EXISTS tombstone_row_xid
  ON kurrentlake.tombstone (table_schema, table_name, row_xid);
CREATE OR REPLACE FUNCTION ${function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$ BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO kurrentlake.tombstone (table_schema, table_name, key)
    SELECT TG_TABLE_SCHEMA, TG_TABLE_NAME, ${key} FROM ${table} AS t;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO kurrentlake.tombstone (table_schema, table_name, key)
    SELECT TG_TABLE_SCHEMA, TG_TABLE_NAME, ${key} FROM gone AS t
    EXCEPT
    SELECT TG_TABLE_SCHEMA, TG_TABLE_NAME, ${key} FROM came AS t;
  ELSE
    INSERT INTO kurrentlake.tombstone (table_schema, table_name, key)
    SELECT TG_TABLE_SCHEMA, TG_TABLE_NAME, ${key} FROM gone AS t;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER kurrentlake_deleted AFTER DELETE ON ${table}
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ${function}();
CREATE OR REPLACE TRIGGER kurrentlake_moved AFTER UPDATE ON ${table}
REFERENCING OLD TABLE AS gone NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION ${function}();
CREATE OR REPLACE TRIGGER kurrentlake_truncated BEFORE TRUNCATE ON ${table}
FOR EACH STATEMENT EXECUTE FUNCTION ${function}();
