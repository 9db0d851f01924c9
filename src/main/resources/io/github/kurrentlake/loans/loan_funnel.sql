-- How many loans ever came to each stage.
SELECT
  element_at(
    array('requested', 'credit checked', 'a person has to decide', 'summarized for that person',
      'approved', 'denied'),
    number) AS `Stage`,
  count(DISTINCT stream) AS `Loans`
FROM (
  SELECT stream,
    CASE
      WHEN status = 'LoanRequested' THEN 1
      WHEN status = 'CreditChecked' THEN 2
      WHEN status = 'LoanApprovalNeeded' THEN 3
      WHEN status = 'AutomatedSummary' THEN 4
      WHEN status RLIKE 'Approved$' THEN 5
      WHEN status RLIKE 'Denied$' THEN 6
    END AS number
  FROM ${history}
)
WHERE number IS NOT NULL
GROUP BY number
ORDER BY number
