ALTER TABLE ${table} REPLICA IDENTITY FULL;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = ${publication_text}) THEN
    CREATE PUBLICATION ${publication} FOR TABLE ${table} WITH (publish_via_partition_root = true);
  END IF;
END $$;
