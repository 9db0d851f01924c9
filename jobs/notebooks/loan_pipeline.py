# Databricks notebook source
# MAGIC %md
# MAGIC # The loan pipeline from a Python notebook
# MAGIC
# MAGIC Attach the notebook to a cluster that has the library `kurrentlake.jar` and the environment
# MAGIC variables `KURRENTDB_USERNAME` and `KURRENTDB_PASSWORD` (from a secret scope, as in
# MAGIC `workflow.json`). Each cell does what the task of that name does, and can be run again at any
# MAGIC time: only new events move.

# COMMAND ----------

kurrentlake = spark._jvm.io.github.kurrentlake
session = spark._jsparkSession

lakehouse = kurrentlake.table.Lakehouse.parse("loan_lakehouse")
kurrentdb = kurrentlake.source.KurrentDb.at("grpc+tls://<cluster-id>.mesdb.eventstore.cloud:2113")

# COMMAND ----------

bronze = kurrentlake.loans.BronzeIngest
print(bronze.ingest(session, bronze.options(lakehouse, kurrentdb)))

# COMMAND ----------

print(kurrentlake.loans.SilverLoanRequested.project(session, lakehouse))
print(kurrentlake.loans.SilverCreditChecked.project(session, lakehouse))
print(kurrentlake.loans.SilverLoanAutoDecisioned.project(session, lakehouse))
print(kurrentlake.loans.SilverLoanManualDecisioned.project(session, lakehouse))
print(kurrentlake.loans.SilverAutomatedSummary.project(session, lakehouse))

# COMMAND ----------

print(kurrentlake.loans.GoldLoanLifecycle.rebuild(session, lakehouse))

# COMMAND ----------

# What could not be read, and why.
kurrentlake.loans.LoanQuarantine.open(session, lakehouse).list().show()

# COMMAND ----------

spark.sql(
    "SELECT laststatus, count(*) AS loans FROM loan_lakehouse.gold.loan_lifecycle GROUP BY laststatus"
).show(truncate=False)
