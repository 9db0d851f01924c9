-- One row per loan that has been reviewed. Reviews that were deleted count as versions only.
SELECT
  stream,
  count_if(is_current) AS reviews,
  count_if(is_current AND status = 'open') AS open_reviews,
  max_by(status, struct(valid_from, _sequence, review_id)) FILTER (WHERE is_current) AS last_status,
  max_by(reviewer, struct(valid_from, _sequence, review_id)) FILTER (WHERE is_current)
    AS last_reviewer,
  max(offered_amount) FILTER (WHERE is_current) AS best_offer,
  count(*) AS versions,
  min(valid_from) AS first_seen_at,
  max(coalesce(valid_to, valid_from)) AS changed_at
FROM ${history}
GROUP BY stream
