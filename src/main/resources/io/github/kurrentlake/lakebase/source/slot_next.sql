SELECT max(lsn)::text AS reached
FROM pg_logical_slot_peek_binary_changes(${slot}, ${through}, ${changes},
  'proto_version', '1', 'publication_names', ${publication})
WHERE get_byte(data, 0) = ascii('C') AND lsn > ${above}
