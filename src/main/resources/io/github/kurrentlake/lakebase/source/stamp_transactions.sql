ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${column} xid8 NOT NULL DEFAULT '0'::xid8;
ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT pg_current_xact_id();
CREATE SCHEMA IF NOT EXISTS kurrentlake;
CREATE OR REPLACE FUNCTION ${function}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.${column} := pg_current_xact_id(); RETURN NEW; END $$;
CREATE OR REPLACE TRIGGER kurrentlake_stamp BEFORE INSERT OR UPDATE ON ${table}
FOR EACH ROW EXECUTE FUNCTION ${function}();
