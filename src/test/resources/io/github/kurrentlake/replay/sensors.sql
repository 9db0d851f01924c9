SELECT stream, measured.degrees, open_quarantine
FROM (${latest})
