SELECT stream, measured.degrees, log_position, open_quarantine
FROM (
${latest}
)
