MERGE INTO ${bronze} AS known
USING ${batch} AS arrived
ON ${same}
WHEN NOT MATCHED THEN INSERT *
