ALTER TABLE ${table} REPLICA IDENTITY FULL;
DO $$ DECLARE partition regclass; BEGIN
  -- What is set of a partitioned table does not hold for its partitions.
  FOR partition IN SELECT relid FROM pg_partition_tree(${table_text}) WHERE isleaf LOOP
    EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', partition);
  END LOOP;
  IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = ${publication_text}) THEN
    CREATE PUBLICATION ${publication} FOR TABLE ${table} WITH (publish_via_partition_root = true);
  ELSIF NOT EXISTS (
    SELECT FROM pg_publication_tables
    WHERE pubname = ${publication_text}
      AND format('%I.%I', schemaname, tablename)::regclass = ${table_text}::regclass
  ) THEN
    ALTER PUBLICATION ${publication} ADD TABLE ${table};
  END IF;
END $$;
