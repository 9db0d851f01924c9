SELECT stream, log_position, measured.owner FROM (
${latest}
)
