package io.github.kurrentlake.loans;

import static io.github.kurrentlake.testing.SameRows.assertSameRows;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.embedded.loans.SampleLoans;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.KurrentDbs;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoanReadModelTest {
  private static final long TIME = 1_738_168_933_527L;

  private static final SparkSession SPARK = SharedSpark.session();
  @TempDir private Path directory;

  @Test
  void ofTodaysServicesItHoldsWhatTheLifecycleHolds() {
    var lakehouse = Lakehouse.at(directory.resolve("lakehouse"));
    var log = new ArrayList<LogRecord>();
    SampleLoans.seed(11).complete().records(120).forEachRemaining(log::add);
    try (var kurrentdb = EmbeddedKurrentDb.builder().start()) {
      // Cut, so that loans stand at every stage.
      kurrentdb.append(log.subList(0, log.size() * 3 / 5).stream());
      LoanTasks.run(SPARK, kurrentdb, directory, lakehouse, 1_000_000);
      var lifecycle = lakehouse.table(LoanLifecycle.LIFECYCLE.table()).read(SPARK);
      var events = lakehouse.table(BronzeTables.EVENTS).read(SPARK).count();

      assertThat(rebuild(kurrentdb, lakehouse)).isEqualTo(new JobReport(events, lifecycle.count()));
      assertThat(lifecycle.select("laststatus").distinct().count()).isEqualTo(6);
      assertSameRows(shared(lifecycle), shared(readModel(lakehouse)));

      // What was made before gives way as a whole.
      kurrentdb.append(log.subList(log.size() * 3 / 5, log.size()).stream());
      LoanTasks.silverAndGold(SPARK, lakehouse);
      rebuild(kurrentdb, lakehouse);
      assertThat(readModel(lakehouse).count()).isEqualTo(120);
    }
  }

  @Test
  void noPayloadStopsIt() {
    var lakehouse = Lakehouse.at(directory.resolve("odd"));
    var payloads =
        List.of(
            "",
            "{}",
            "[1]",
            "{\"Amount\":",
            "{\"Amount\":10000.5,\"Age\":\"35\",\"NationalID\":12345,\"LoanRequestedTimestamp\":"
                + "1738168933.527328}",
            "{\"Amount\":99999999999,\"Age\":[1],\"Address\":\"none\",\"LoanRequestedTimestamp\":"
                + "\"1758982243380\"}");
    try (var kurrentdb = EmbeddedKurrentDb.builder().start()) {
      kurrentdb.append(
          Stream.iterate(0, number -> number + 1)
              .limit(payloads.size())
              .map(
                  number ->
                      LogRecord.json(
                          100L + number * 100,
                          0,
                          TIME,
                          "loanRequest-" + number,
                          "LoanRequested",
                          null,
                          payloads.get(number))));
      assertThat(rebuild(kurrentdb, lakehouse)).isEqualTo(new JobReport(6, 6));
    }
    var rows =
        readModel(lakehouse)
            .orderBy("stream")
            .selectExpr(
                "concat_ws('|', loan_request_id, laststatus, coalesce(CAST(amount AS STRING), '-'),"
                    + " coalesce(CAST(age AS STRING), '-'), coalesce(age_binned, '-'), coalesce(national_id, '-'),"
                    + " coalesce(CAST(loan_requested_timestamp AS STRING), '-'))")
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList();
    assertThat(rows)
        .containsExactly(
            "0|UNKNOWN|-|-|-|-|-",
            "1|UNKNOWN|-|-|-|-|-",
            "2|UNKNOWN|-|-|-|-|-",
            "3|UNKNOWN|-|-|-|-|-",
            "4|LoanRequested|-|35|35 - 44 Years|12345|2025-01-29 16:42:13.527328",
            "5|LoanRequested|-|-|-|-|-");
  }

  private JobReport rebuild(EmbeddedKurrentDb kurrentdb, Lakehouse lakehouse) {
    return Loans.of(SPARK, lakehouse).readModel(KurrentDbs.reach(kurrentdb, directory));
  }

  private static Dataset<Row> readModel(Lakehouse lakehouse) {
    return lakehouse.table(LoanReadModel.TABLE).read(SPARK);
  }

  private static Dataset<Row> shared(Dataset<Row> rows) {
    return rows.select(
        LoanReadModel.TABLE.columns().stream()
            .map(Column::name)
            .filter(name -> !name.equals("events"))
            .map(org.apache.spark.sql.functions::col)
            .toArray(org.apache.spark.sql.Column[]::new));
  }
}
