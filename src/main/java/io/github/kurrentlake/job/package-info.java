/**
 * What a task of the workflow is: a job that takes settings and a SparkSession and reports what it
 * moved. Main classes implement it, the local run and spark-submit start it; it may use settings
 * and errors, and knows no layer.
 */
package io.github.kurrentlake.job;
