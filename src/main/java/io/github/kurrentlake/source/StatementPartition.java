package io.github.kurrentlake.source;

import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/** A statement whose whole answer is wanted. */
record StatementPartition(
    KurrentDb kurrentdb, CallPolicy policy, long memory, List<SourceColumn> columns, String sql)
    implements InputPartition {}
