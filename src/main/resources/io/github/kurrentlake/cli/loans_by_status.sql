-- How many loans have a status now, and how many ever had it.
SELECT coalesce(held.laststatus, had.status) AS laststatus, coalesce(held.loans, 0) AS loans,
  coalesce(had.loans, 0) AS ever
FROM (SELECT laststatus, count(*) AS loans FROM ${gold} GROUP BY laststatus) AS held
FULL OUTER JOIN (
  SELECT status, count(DISTINCT stream) AS loans FROM ${history} GROUP BY status
) AS had ON held.laststatus = had.status
ORDER BY loans DESC, laststatus
