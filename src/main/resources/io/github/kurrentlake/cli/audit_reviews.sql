-- Postgres' own count: every change notes itself in its own transaction, so that what is rolled
-- back is not noted, and the pipeline has no part in it.
CREATE SCHEMA IF NOT EXISTS demo;
CREATE TABLE IF NOT EXISTS demo.audit (
  xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
  review_id bigint NOT NULL,
  change text NOT NULL
);
CREATE OR REPLACE FUNCTION demo.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO demo.audit (review_id, change)
  VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.review_id ELSE NEW.review_id END, lower(TG_OP));
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON app.loan_review
  FOR EACH ROW EXECUTE FUNCTION demo.note();
