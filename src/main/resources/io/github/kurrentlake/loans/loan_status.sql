-- The furthest stage that was reached, not the last event: events may repeat or come late.
  CASE
    WHEN loan_manual_decisioned IS NOT NULL THEN loan_manual_decisioned.schema_name
    WHEN automated_summary IS NOT NULL THEN 'AutomatedSummary'
    WHEN loan_auto_decisioned IS NOT NULL THEN loan_auto_decisioned.schema_name
    WHEN credit_checked IS NOT NULL THEN 'CreditChecked'
    WHEN loan_requested IS NOT NULL THEN 'LoanRequested'
    ELSE 'UNKNOWN'
  END
