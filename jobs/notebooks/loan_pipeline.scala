// Databricks notebook source
// MAGIC %md
// MAGIC # The loan pipeline from a Scala notebook
// MAGIC
// MAGIC It needs a cluster with dedicated access (single user): standard access and serverless run no
// MAGIC data source from a jar. Attach it to one that has the Kurrentlake jar as a library and the
// MAGIC environment variables `KURRENTDB_USERNAME` and `KURRENTDB_PASSWORD` (from a secret scope, as in
// MAGIC `workflow.json`). Each call does what the tasks of that name do, and can be run again at any
// MAGIC time: only new events move.

// COMMAND ----------

import io.github.kurrentlake.loans.Loans
import io.github.kurrentlake.source.KurrentDb
import io.github.kurrentlake.table.Lakehouse

val loans = Loans.of(spark, Lakehouse.parse("loan_lakehouse"))
// With a private authority: KurrentDb.at(endpoint, "/Volumes/loan_lakehouse/ops/lib/ca.pem")
val kurrentdb = KurrentDb.at("grpc+tls://<cluster-id>.mesdb.eventstore.cloud:2113")

// COMMAND ----------

loans.ingest(kurrentdb)

// COMMAND ----------

loans.project()

// COMMAND ----------

loans.refresh()

// COMMAND ----------

// What could not be read, and why.
display(loans.quarantine().list())

// COMMAND ----------

display(spark.sql("SELECT laststatus, count(*) AS loans FROM loan_lakehouse.gold.loan_lifecycle GROUP BY laststatus"))
