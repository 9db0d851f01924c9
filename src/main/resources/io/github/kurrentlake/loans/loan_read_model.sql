-- Runs in KurrentDB, whose SQL is DuckDB's without a CTE and without a join of tables. It reads the
-- category once; of each kind of event the last that is a JSON object counts.
SELECT
  coalesce(
    loan_request_id,
    CASE WHEN instr(stream, '-') BETWEEN 1 AND length(stream) - 1
      THEN substring(stream, instr(stream, '-') + 1) END
  ) AS loan_request_id,
  ${amount} AS amount,
  national_id,
  name,
  gender,
  ${age} AS age,
  marital_status,
  ${dependents} AS dependents,
  level_of_education,
  employer_name,
  job_title,
  try_cast(job_seniority AS FLOAT) AS job_seniority,
  ${income} AS income,
  address_street,
  address_city,
  address_region,
  address_country,
  address_postal_code,
  ${loan_requested_timestamp} AS loan_requested_timestamp,
  ${loan_product_id} AS loan_product_id,
  ${score} AS score,
  ${credit_checked_timestamp} AS credit_checked_timestamp,
  ${loan_automated_decision_timestamp} AS loan_automated_decision_timestamp,
  approver_name,
  ${loan_manual_decision_timestamp} AS loan_manual_decision_timestamp,
  credit_score_summary,
  income_and_employment_summary,
  loan_to_income_summary,
  marital_status_and_dependents_summary,
  recommended_further_investigation,
  summarized_by,
  ${summarized_at} AS summarized_at,
  laststatus,
  CASE
    WHEN ${age} IS NULL THEN NULL
    WHEN ${age} < 15 THEN '0 - 14 Years'
    WHEN ${age} < 95 THEN
      concat((${age} + 5) // 10 * 10 - 5, ' - ', (${age} + 5) // 10 * 10 + 4, ' Years')
    ELSE '95+ Years'
  END AS age_binned,
  stream,
  log_position,
  events
FROM (
  SELECT stream, log_position, events,
    coalesce(
      manual_decision_type,
      CASE WHEN summary IS NOT NULL THEN 'AutomatedSummary' END,
      automated_decision_type,
      CASE WHEN credit_check IS NOT NULL THEN 'CreditChecked' END,
      CASE WHEN request IS NOT NULL THEN 'LoanRequested' END,
      'UNKNOWN'
    ) AS laststatus,
    coalesce(
      json_extract_string(request, '$.LoanRequestID'),
      json_extract_string(request, '$.LoanRequestId')
    ) AS loan_request_id,
    json_extract_string(request, '$.Amount') AS amount,
    coalesce(
      json_extract_string(request, '$.NationalID'),
      json_extract_string(request, '$.NationalId')
    ) AS national_id,
    coalesce(
      json_extract_string(request, '$.Name'), json_extract_string(request, '$.User')
    ) AS name,
    json_extract_string(request, '$.Gender') AS gender,
    json_extract_string(request, '$.Age') AS age,
    json_extract_string(request, '$.MaritalStatus') AS marital_status,
    json_extract_string(request, '$.Dependents') AS dependents,
    coalesce(
      json_extract_string(request, '$.LevelOfEducation'),
      json_extract_string(request, '$.EducationLevel')
    ) AS level_of_education,
    json_extract_string(request, '$.EmployerName') AS employer_name,
    json_extract_string(request, '$.JobTitle') AS job_title,
    json_extract_string(request, '$.JobSeniority') AS job_seniority,
    json_extract_string(request, '$.Income') AS income,
    coalesce(
      json_extract_string(request, '$.Address.Street'),
      json_extract_string(request, '$.RequestorAddress')
    ) AS address_street,
    coalesce(
      json_extract_string(request, '$.Address.City'),
      json_extract_string(request, '$.RequestorCity')
    ) AS address_city,
    coalesce(
      json_extract_string(request, '$.Address.Region'),
      json_extract_string(request, '$.RequestorRegion')
    ) AS address_region,
    coalesce(
      json_extract_string(request, '$.Address.Country'),
      json_extract_string(request, '$.RequestorCountry')
    ) AS address_country,
    coalesce(
      json_extract_string(request, '$.Address.PostalCode'),
      json_extract_string(request, '$.RequestorPostalCode')
    ) AS address_postal_code,
    json_extract_string(request, '$.LoanRequestedTimestamp') AS loan_requested_timestamp,
    json_extract_string(request, '$.LoanProductID') AS loan_product_id,
    json_extract_string(credit_check, '$.Score') AS score,
    json_extract_string(credit_check, '$.CreditCheckedTimestamp') AS credit_checked_timestamp,
    json_extract_string(automated_decision, '$.LoanAutomatedDecisionTimestamp')
      AS loan_automated_decision_timestamp,
    json_extract_string(manual_decision, '$.ApproverName') AS approver_name,
    json_extract_string(manual_decision, '$.LoanManualDecisionTimestamp')
      AS loan_manual_decision_timestamp,
    json_extract_string(summary, '$.CreditScoreSummary') AS credit_score_summary,
    json_extract_string(summary, '$.IncomeAndEmploymentSummary') AS income_and_employment_summary,
    json_extract_string(summary, '$.LoanToIncomeSummary') AS loan_to_income_summary,
    coalesce(
      json_extract_string(summary, '$.MaritalStatusAndDependentsSummary'),
      json_extract_string(summary, '$.MaritalStatusSummary')
    ) AS marital_status_and_dependents_summary,
    json_extract_string(summary, '$.RecommendedFurtherInvestigation')
      AS recommended_further_investigation,
    json_extract_string(summary, '$.SummarizedBy') AS summarized_by,
    json_extract_string(summary, '$.SummarizedAt') AS summarized_at
  FROM (
    SELECT stream, max(log_position) AS log_position, count(*) AS events,
      arg_max(data, log_position) FILTER (WHERE stage = 'request') AS request,
      arg_max(data, log_position) FILTER (WHERE stage = 'credit check') AS credit_check,
      arg_max(data, log_position) FILTER (WHERE stage = 'automated decision') AS automated_decision,
      arg_max(schema_name, log_position) FILTER (WHERE stage = 'automated decision')
        AS automated_decision_type,
      arg_max(data, log_position) FILTER (WHERE stage = 'manual decision') AS manual_decision,
      arg_max(schema_name, log_position) FILTER (WHERE stage = 'manual decision')
        AS manual_decision_type,
      arg_max(data, log_position) FILTER (WHERE stage = 'summary') AS summary
    FROM (
      SELECT stream, log_position, schema_name, data,
        CASE WHEN json_valid(data) AND data LIKE '{%' AND data <> '{}' THEN
          CASE schema_name
            WHEN 'LoanRequested' THEN 'request'
            WHEN 'CreditChecked' THEN 'credit check'
            WHEN 'LoanAutomaticallyApproved' THEN 'automated decision'
            WHEN 'LoanAutomaticallyDenied' THEN 'automated decision'
            WHEN 'LoanApprovalNeeded' THEN 'automated decision'
            WHEN 'LoanManuallyApproved' THEN 'manual decision'
            WHEN 'LoanManuallyDenied' THEN 'manual decision'
            WHEN 'AutomatedSummary' THEN 'summary'
          END
        END AS stage
      FROM kdb.records
      WHERE category = ${category}
    ) AS staged
    GROUP BY stream
  ) AS latest
) AS texts
