package io.github.kurrentlake.lakebase.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.job.Progress;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakebaseHistoryTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final SparkSession spark = SharedSpark.session();
  @TempDir private Path directory;

  /** One row of Bronze; the two parts of the key make one key column look like another's. */
  private record Version(int a, String b, long sequence, String change, int second, String value) {
    String sql() {
      return "(%d, '%s', %s, '%s', %d, NULL, %d, '%d', TIMESTAMP'%s')"
          .formatted(
              a,
              b,
              change.equals("delete") ? "NULL" : "'" + value + "'",
              change,
              sequence,
              sequence,
              sequence,
              START.plusSeconds(second).toString().replace("Z", " UTC"));
    }
  }

  @Test
  void aVersionIsValidUntilTheNextAndADeletionClosesTheLast() {
    append(
        new Version(1, "x", 10, "insert", 10, "one"),
        new Version(2, "x", 10, "insert", 10, "other"));
    assertThat(update()).isEqualTo(new JobReport(2, 2));
    append(
        new Version(1, "x", 20, "update", 20, "two"),
        new Version(1, "x", 30, "update", 30, "three"),
        new Version(2, "x", 30, "delete", 30, ""));
    // One row of each key is closed and two are new.
    assertThat(update()).isEqualTo(new JobReport(3, 4));
    assertThat(history())
        .containsExactly(
            "1|x|one|10|10..20|false",
            "1|x|two|20|20..30|false",
            "1|x|three|30|30..|true",
            "2|x|other|10|10..30|false");
    assertThat(update()).isEqualTo(JobReport.nothingNew());
  }

  @Test
  void theHistoryIsThatOfAllVersionsHoweverTheyCame() throws IOException {
    var seed = Long.getLong("kurrentlake.seed", 20_261_120L);
    var random = new Random(seed);
    var versions = new ArrayList<Version>();
    for (var key = 0; key < 12; key++) {
      var second = random.nextInt(50);
      for (var n = 1 + random.nextInt(5); n > 0; n--) {
        second += random.nextInt(3);
        var change = random.nextInt(4) == 0 ? "delete" : "upsert";
        // Sequences of one key ascend; times may stand still, or go back by a late reading.
        versions.add(
            new Version(
                key % 4,
                "k" + key / 4,
                100L * second + n,
                change,
                second + (random.nextInt(6) == 0 ? 20 : 0),
                "v" + random.nextInt(3)));
      }
    }
    var arrivals = new ArrayList<>(versions);
    // Some are read twice.
    versions.stream().filter(version -> random.nextInt(4) == 0).forEach(arrivals::add);
    Collections.shuffle(arrivals, random);
    var third = arrivals.size() / 3;
    for (var batch = 0; batch < 3; batch++) {
      var end = batch == 2 ? arrivals.size() : (batch + 1) * third;
      append(arrivals.subList(batch * third, end).toArray(Version[]::new));
      update();
      if (batch == 1) {
        // As if the run had been killed between its rows and its checkpoint.
        forgetLastBatch();
        assertThat(update().rowsOut()).isZero();
      }
      var known = arrivals.subList(0, end);
      assertThat(history()).as("seed %d, batch %d", seed, batch).isEqualTo(recomputed(known));
    }
  }

  @Test
  void aTableThatCannotHaveAHistoryIsNamed() {
    assertCode(ErrorCode.TABLE_MISSING, List.of("a"));
    append(new Version(1, "x", 10, "insert", 10, "one"));
    assertCode(ErrorCode.NO_HISTORY, List.of("a", "no_such"));
    spark.sql("ALTER TABLE " + bronze() + " ADD COLUMNS (Valid_To DATE)");
    assertCode(ErrorCode.NO_HISTORY, List.of("a", "b"));
  }

  /** What the history must be, from all versions that are known, without a line of its SQL. */
  private static List<String> recomputed(List<Version> versions) {
    var byKey = new TreeMap<String, TreeMap<Long, Version>>();
    for (var version : versions) {
      byKey
          .computeIfAbsent(version.a() + "|" + version.b(), key -> new TreeMap<>())
          .put(version.sequence(), version);
    }
    var rows = new ArrayList<String>();
    byKey.forEach(
        (key, ordered) -> {
          var all = List.copyOf(ordered.values());
          for (var i = 0; i < all.size(); i++) {
            if (!all.get(i).change().equals("delete")) {
              var last = i == all.size() - 1;
              rows.add(
                  "%s|%s|%d|%d..%s|%s"
                      .formatted(
                          key,
                          all.get(i).value(),
                          all.get(i).sequence(),
                          from(all, i),
                          last ? "" : from(all, i + 1),
                          last));
            }
          }
        });
    return rows;
  }

  private static int from(List<Version> all, int index) {
    return all.stream()
        .skip(index)
        .map(Version::second)
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private List<String> history() {
    return spark
        .sql(
            """
            SELECT concat_ws('|', a, b, value, _sequence,
              concat(unix_seconds(valid_from) - %1$d, '..',
                coalesce(CAST(unix_seconds(valid_to) - %1$d AS STRING), '')),
              is_current)
            FROM delta.`%2$s` ORDER BY concat_ws('|', a, b), _sequence"""
                .formatted(START.getEpochSecond(), directory.resolve("silver/t_history")))
        .collectAsList()
        .stream()
        .map((Row row) -> row.getString(0))
        .toList();
  }

  private void append(Version... versions) {
    Lakehouse.at(directory).prepare(spark, "bronze");
    spark.sql(
        """
        CREATE TABLE IF NOT EXISTS %s (
          a INT, b STRING, value STRING, _pg_change_type STRING, _pg_xid BIGINT, _pg_lsn STRING,
          _sequence BIGINT, _position STRING, _timestamp TIMESTAMP)
        USING DELTA TBLPROPERTIES (delta.enableChangeDataFeed = true)"""
            .formatted(bronze()));
    spark.sql(
        "INSERT INTO %s VALUES %s"
            .formatted(
                bronze(),
                String.join(", ", List.of(versions).stream().map(Version::sql).toList())));
  }

  private JobReport update() {
    return update(List.of("a", "b"));
  }

  private JobReport update(List<String> key) {
    return LakebaseHistory.update(spark, Lakehouse.at(directory), "t", key, Progress.unwatched());
  }

  private void forgetLastBatch() throws IOException {
    var commits = directory.resolve("ops/_checkpoints/silver_t_history/commits");
    try (var files = Files.list(commits)) {
      var last =
          files
              .filter(file -> file.getFileName().toString().matches("\\d+"))
              .max(Comparator.comparingInt(file -> Integer.parseInt(file.getFileName().toString())))
              .orElseThrow();
      Files.delete(last);
      Files.deleteIfExists(commits.resolve("." + last.getFileName() + ".crc"));
    }
  }

  private String bronze() {
    return "delta.`" + directory.resolve("bronze/t") + "`";
  }

  private void assertCode(ErrorCode code, List<String> key) {
    assertThatThrownBy(() -> update(key))
        .isInstanceOfSatisfying(
            KurrentlakeException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
