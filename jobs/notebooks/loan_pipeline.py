# Databricks notebook source
# MAGIC %md
# MAGIC # The loan pipeline from a Python notebook
# MAGIC
# MAGIC It needs a cluster with dedicated access (single user): on standard access and on serverless there
# MAGIC is no `spark._jvm`. Attach it to one that has the Kurrentlake jar as a library and the environment
# MAGIC variables `KURRENTDB_USERNAME` and `KURRENTDB_PASSWORD` (from a secret scope, as in
# MAGIC `workflow.json`). Each call does what the tasks of that name do, and can be run again at any
# MAGIC time: only new events move.

# COMMAND ----------

kurrentlake = spark._jvm.io.github.kurrentlake

lakehouse = kurrentlake.table.Lakehouse.parse("loan_lakehouse")
loans = kurrentlake.loans.Loans.of(spark._jsparkSession, lakehouse)
# With a private authority: KurrentDb.at(endpoint, "/Volumes/loan_lakehouse/ops/lib/ca.pem")
kurrentdb = kurrentlake.source.KurrentDb.at("grpc+tls://<cluster-id>.mesdb.eventstore.cloud:2113")

# COMMAND ----------

print(loans.ingest(kurrentdb))

# COMMAND ----------

print(loans.project())

# COMMAND ----------

print(loans.refresh())

# COMMAND ----------

# What could not be read, and why. The rows come as a Dataset of the JVM, whose own show() prints
# where no cell sees it.
from pyspark.sql import DataFrame

quarantine = loans.quarantine().list()
display(DataFrame(quarantine, spark))

# COMMAND ----------

display(
    spark.sql(
        "SELECT laststatus, count(*) AS loans FROM loan_lakehouse.gold.loan_lifecycle GROUP BY laststatus"
    )
)
