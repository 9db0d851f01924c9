package io.github.kurrentlake.lakebase.history;

import static org.apache.spark.sql.functions.col;

import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.QualifiedName;
import io.github.kurrentlake.table.Sql;
import io.github.kurrentlake.table.StreamRun;
import io.github.kurrentlake.table.Table;
import io.github.kurrentlake.table.TableSession;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Keeps {@code silver.<table>_history} up to date with {@code bronze.<table>} and ends.
 *
 * <p>A stream of Bronze's changes tells which keys have new versions; their history is made again
 * from all their versions in Bronze and merged. It therefore depends on what is in Bronze and not
 * on how it came there: versions may come twice, late, or many of a key at once, and a run that is
 * killed is repeated by the next without a trace.
 */
public final class LakebaseHistory {
  private static final String CHANGED = "lakebase_changed_keys";

  private LakebaseHistory() {}

  /**
   * Brings the history to what is in Bronze now.
   *
   * @param table the name of the table in Bronze
   * @param keyColumns the primary key of the table in Postgres
   * @return versions read, and rows inserted or updated
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-305 without Bronze, KL-306 when the
   *     checkpoint cannot go on, KL-647 for columns that cannot be
   */
  public static JobReport update(
      SparkSession caller,
      Lakehouse lakehouse,
      String table,
      List<String> keyColumns,
      Progress progress) {
    var spark = TableSession.of(caller);
    var bronze = lakehouse.table(new QualifiedName("bronze", table)).existing(spark);
    var made = HistoryTable.of(table, keyColumns, bronze.read(spark).schema());
    var history = lakehouse.ensure(spark, made.declaration());
    var checkpoint = lakehouse.checkpoint("silver_" + table + "_history");
    var read = new AtomicLong();
    var written = new AtomicLong();
    var writer =
        bronze
            .changes(spark)
            .filter(col("_change_type").equalTo("insert"))
            .writeStream()
            .queryName("silver_" + table + "_history")
            .option("checkpointLocation", checkpoint)
            .trigger(Trigger.AvailableNow())
            .foreachBatch(
                (VoidFunction2<Dataset<Row>, Long>)
                    (batch, number) -> {
                      read.addAndGet(batch.count());
                      written.addAndGet(merge(batch, made, history, bronze));
                    });
    StreamRun.toEnd(
        bronze,
        history,
        checkpoint,
        writer::start,
        query -> progress.reached(read.get(), written.get()));
    return new JobReport(read.get(), written.get());
  }

  private static long merge(Dataset<Row> batch, HistoryTable made, Table history, Table bronze) {
    var key = made.key().stream().map(Sql::identifier).map(name -> col(name));
    var changed = batch.select(key.toArray(Column[]::new)).distinct();
    // The session is the stream's own, so that no other history meets the view.
    changed.createOrReplaceTempView(CHANGED);
    var result = batch.sparkSession().sql(made.merge(history, bronze, CHANGED)).head();
    return result.getLong(result.fieldIndex("num_affected_rows"));
  }
}
