SELECT
  -- The stream names the loan, also when its request was not read.
  coalesce(
    loan_requested.loan_request_id,
    CASE WHEN instr(stream, '-') BETWEEN 1 AND length(stream) - 1
      THEN substring(stream, instr(stream, '-') + 1) END
  ) AS loan_request_id,
  loan_requested.amount,
  loan_requested.national_id,
  loan_requested.name,
  loan_requested.gender,
  loan_requested.age,
  loan_requested.marital_status,
  loan_requested.dependents,
  loan_requested.level_of_education,
  loan_requested.employer_name,
  loan_requested.job_title,
  loan_requested.job_seniority,
  loan_requested.income,
  loan_requested.address_street,
  loan_requested.address_city,
  loan_requested.address_region,
  loan_requested.address_country,
  loan_requested.address_postal_code,
  loan_requested.loan_requested_timestamp,
  loan_requested.loan_product_id,
  credit_checked.score,
  credit_checked.credit_checked_timestamp,
  loan_auto_decisioned.loan_automated_decision_timestamp,
  loan_manual_decisioned.approver_name,
  loan_manual_decisioned.loan_manual_decision_timestamp,
  automated_summary.credit_score_summary,
  automated_summary.income_and_employment_summary,
  automated_summary.loan_to_income_summary,
  automated_summary.marital_status_and_dependents_summary,
  automated_summary.recommended_further_investigation,
  automated_summary.summarized_by,
  automated_summary.summarized_at,
  ${loan_status} AS laststatus,
  CASE
    WHEN loan_requested.age IS NULL THEN NULL
    WHEN loan_requested.age < 15 THEN '0 - 14 Years'
    WHEN loan_requested.age < 25 THEN '15 - 24 Years'
    WHEN loan_requested.age < 35 THEN '25 - 34 Years'
    WHEN loan_requested.age < 45 THEN '35 - 44 Years'
    WHEN loan_requested.age < 55 THEN '45 - 54 Years'
    WHEN loan_requested.age < 65 THEN '55 - 64 Years'
    WHEN loan_requested.age < 75 THEN '65 - 74 Years'
    WHEN loan_requested.age < 85 THEN '75 - 84 Years'
    WHEN loan_requested.age < 95 THEN '85 - 94 Years'
    ELSE '95+ Years'
  END AS age_binned,
  stream,
  log_position,
  open_quarantine,
  warnings,
  incarnation,
  first_log_position
FROM (
${latest}
)
