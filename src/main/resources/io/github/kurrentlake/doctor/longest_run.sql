SELECT max(seconds)
FROM (
${runs}
)
WHERE began_at > current_timestamp() - INTERVAL 7 DAYS
