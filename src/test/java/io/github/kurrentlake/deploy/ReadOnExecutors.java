package io.github.kurrentlake.deploy;

import java.util.Arrays;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;

/**
 * What ClusterIT runs as a driver. It knows Spark alone: all of Kurrentlake comes from the jar that
 * was submitted.
 */
public final class ReadOnExecutors {
  private ReadOnExecutors() {}

  public static void main(String[] arguments) throws Exception {
    var endpoint = arguments[0];
    var authority = arguments[1];
    var lakehouse = arguments[2];
    var spark = SparkSession.builder().appName("executors").getOrCreate();
    var events =
        spark
            .read()
            .format("kurrentdb")
            .option("endpoint", endpoint)
            .option("tlsCa", authority)
            .option("maxBytesPerPartition", "64k")
            .load();
    // An executor's own variable, so what is counted are the processes that read.
    var read =
        events
            .selectExpr(
                "java_method('java.lang.System', 'getenv', 'SPARK_EXECUTOR_DIRS') AS process",
                "length(data) AS bytes")
            .groupBy("process")
            .count()
            .filter("process IS NOT NULL");
    System.out.println("read: " + read.agg(functions.sum("count")).first());
    System.out.println("tasks: " + events.rdd().getNumPartitions());

    var query =
        spark
            .readStream()
            .format("kurrentdb")
            .option("endpoint", endpoint)
            .option("tlsCa", authority)
            .option("maxEventsPerTrigger", 150)
            .schema("log_position BIGINT, data STRING")
            .load()
            .writeStream()
            .format("delta")
            .option("checkpointLocation", lakehouse + "-stream/checkpoint")
            .trigger(Trigger.AvailableNow())
            .start(lakehouse + "-stream/table");
    query.awaitTermination();
    var rows =
        Arrays.stream(query.recentProgress()).mapToLong(StreamingQueryProgress::numInputRows).sum();
    System.out.println("streamed: " + rows);

    var task = new String[] {"--catalog", lakehouse, "--endpoint", endpoint, "--tls-ca", authority};
    Thread.currentThread()
        .getContextClassLoader()
        .loadClass("io.github.kurrentlake.loans.BronzeIngest")
        .getMethod("main", String[].class)
        .invoke(null, (Object) task);
  }
}
