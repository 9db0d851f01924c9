/**
 * The loan domain: its event types, columns and lifecycle as declarations, and the main classes of
 * the workflow's tasks. Databricks, spark-submit, notebooks and the local run call them; it uses
 * the layers and nothing is allowed to use it but the launcher.
 */
package io.github.kurrentlake.loans;
