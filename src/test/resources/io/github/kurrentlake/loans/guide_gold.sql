-- The Gold statement of the guide, over the Silver tables under test.
SELECT *,
CASE
  WHEN age < 15 THEN '0 - 14 Years'
  WHEN age < 25 THEN '15 - 24 Years'
  WHEN age < 35 THEN '25 - 34 Years'
  WHEN age < 45 THEN '35 - 44 Years'
  WHEN age < 55 THEN '45 - 54 Years'
  WHEN age < 65 THEN '55 - 64 Years'
  WHEN age < 75 THEN '65 - 74 Years'
  WHEN age < 85 THEN '75 - 84 Years'
  WHEN age < 95 THEN '85 - 94 Years'
  ELSE '95+ Years'
END AS age_binned
FROM (
  SELECT
    lr.loan_request_id, lr.amount, lr.national_id, lr.name, lr.gender,
    lr.age, lr.marital_status, lr.dependents, lr.level_of_education,
    lr.employer_name, lr.job_title, lr.job_seniority, lr.income,
    lr.address_street, lr.address_city, lr.address_region,
    lr.address_country, lr.address_postal_code,
    lr.loan_requested_timestamp, lr.loan_product_id,
    cc.score, cc.credit_checked_timestamp,
    auto.loan_automated_decision_timestamp,
    manual.approver_name, manual.loan_manual_decision_timestamp,
    summary.credit_score_summary, summary.income_and_employment_summary,
    summary.loan_to_income_summary, summary.marital_status_and_dependents_summary,
    summary.recommended_further_investigation,
    summary.summarized_by, summary.summarized_at,
    COALESCE(manual.schema_name,
             CASE WHEN summary.stream IS NOT NULL THEN 'AutomatedSummary' END,
             auto.schema_name,
             CASE WHEN cc.stream IS NOT NULL THEN 'CreditChecked' END,
             CASE WHEN lr.stream IS NOT NULL THEN 'LoanRequested' END,
             'UNKNOWN') AS laststatus
  FROM ${loan_requested} lr
  FULL OUTER JOIN ${credit_checked} cc
    ON lr.stream = cc.stream
  FULL OUTER JOIN ${loan_auto_decisioned} auto
    ON cc.stream = auto.stream
  FULL OUTER JOIN ${loan_manual_decisioned} manual
    ON auto.stream = manual.stream
  FULL OUTER JOIN ${automated_summary} summary
    ON manual.stream = summary.stream
) AS loan_lifecycle
