package io.github.kurrentlake.source;

import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;

/** What all reads of KurrentDB have in common: they arrive by columns, and are their own batch. */
interface ColumnarScan extends Scan, Batch {

  @Override
  default Batch toBatch() {
    return this;
  }

  @Override
  default ColumnarSupportMode columnarSupportMode() {
    return ColumnarSupportMode.SUPPORTED;
  }

  @Override
  default CustomMetric[] supportedCustomMetrics() {
    return ReadMetrics.supported();
  }

  @Override
  default PartitionReaderFactory createReaderFactory() {
    return new ReaderFactory();
  }
}
