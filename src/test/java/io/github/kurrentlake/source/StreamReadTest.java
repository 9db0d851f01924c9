package io.github.kurrentlake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log as a stream into a Delta table. */
class StreamReadTest {
  private static final SparkSession SPARK = SharedSpark.session();
  private static volatile CountDownLatch rowsToPass = new CountDownLatch(0);

  @TempDir private Path directory;
  private Node node;

  @BeforeEach
  void start() {
    node = Node.start(directory);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void availableNowTakesWhatIsThereInBatchesOfTheAskedSize() throws Exception {
    node.kurrentdb().append(Node.orders(1, 100, 20));
    var query = run("earliest", 40);
    var batches = List.of(query.recentProgress());
    assertThat(batches)
        .extracting(StreamingQueryProgress::numInputRows)
        .containsExactly(40L, 40L, 20L);
    var second = batches.get(1).sources()[0];
    assertThat(second.startOffset()).isEqualTo("{\"log_position\":8800}");
    assertThat(second.endOffset()).isEqualTo("{\"log_position\":17600}");
    assertThat(second.latestOffset()).isEqualTo("{\"log_position\":22000}");
    assertThat(second.metrics())
        .containsEntry("eventsBehind", "20")
        .containsEntry("logBytesBehind", "4400");
    assertThat(batches.get(2).sources()[0].metrics()).containsEntry("eventsBehind", "0");

    node.kurrentdb().append(Node.orders(101, 103, 20));
    assertThat(run("earliest", 40).lastProgress().numInputRows()).isEqualTo(3);
    assertThat(positions()).isEqualTo(expected(1, 103));
  }

  @Test
  void latestMeansTheLogsEndWhenTheQueryFirstBegan() throws Exception {
    node.kurrentdb().append(Node.orders(1, 10, 20));
    run("latest", 100);
    node.kurrentdb().append(Node.orders(11, 15, 20));
    // Begun again it would skip these five.
    run("latest", 100);
    assertThat(positions()).isEqualTo(expected(11, 15));
  }

  @Test
  void aStreamBeginsAtATime() throws Exception {
    node.kurrentdb().append(Node.orders(1, 10, 20));
    run(Instant.ofEpochMilli(Node.FIRST_CREATED + 7).toString(), 100);
    assertThat(positions()).isEqualTo(expected(7, 10));
  }

  @Test
  void aStreamBeginsBehindAPosition() throws Exception {
    node.kurrentdb().append(Node.orders(1, 10, 20));
    run("660", 100);
    assertThat(positions()).isEqualTo(expected(4, 10));
  }

  @Test
  void aLogThatEndsBeforeTheCheckpointStopsTheStream() throws Exception {
    node.kurrentdb().append(Node.orders(1, 10, 20));
    run("earliest", 100);
    node.kurrentdb().truncateAfter(1100);
    assertThatThrownBy(() -> run("earliest", 100))
        .hasStackTraceContaining(ErrorCode.SOURCE_BEHIND.code())
        .hasStackTraceContaining("stream has reached: 2200");
  }

  @Test
  void fiftyStopsAtAnyPointLoseAndRepeatNothing() throws Exception {
    var random = new Random(7);
    node.kurrentdb().append(Node.orders(1, 2_500, 20));
    for (var round = 0; round < 50; round++) {
      if (round % 10 == 5) {
        node.kurrentdb().restart();
      }
      // Some row of the next two batches, so that a stop may hit anything between two commits.
      rowsToPass = new CountDownLatch(1 + random.nextInt(40));
      var query = begin("earliest", 20, Trigger.ProcessingTime(0));
      assertThat(rowsToPass.await(60, TimeUnit.SECONDS)).isTrue();
      query.stop();
      assertThat(query.exception().isEmpty()).isTrue();
    }
    rowsToPass = new CountDownLatch(0);
    run("earliest", 1_000);
    assertThat(positions()).isEqualTo(expected(1, 2_500));
  }

  private StreamingQuery run(String from, long maxEvents) throws Exception {
    var query = begin(from, maxEvents, Trigger.AvailableNow());
    query.awaitTermination();
    return query;
  }

  private StreamingQuery begin(String from, long maxEvents, Trigger trigger) throws Exception {
    Dataset<Long> positions =
        node.readStream(node.kurrentdb().endpoint())
            .schema("log_position BIGINT, data STRING")
            .option("startingPosition", from)
            .option("maxEventsPerTrigger", maxEvents)
            .option("maxRetries", 2)
            .load()
            .select("log_position")
            .as(Encoders.LONG())
            .map((MapFunction<Long, Long>) StreamReadTest::pass, Encoders.LONG());
    return positions
        .toDF("log_position")
        .writeStream()
        .format("delta")
        .option("checkpointLocation", directory.resolve("checkpoint").toString())
        .trigger(trigger)
        .start(directory.resolve("table").toString());
  }

  private static Long pass(Long position) {
    rowsToPass.countDown();
    return position;
  }

  private List<Long> positions() {
    return SPARK
        .read()
        .format("delta")
        .load(directory.resolve("table").toString())
        .as(Encoders.LONG())
        .collectAsList()
        .stream()
        .sorted()
        .toList();
  }

  private static List<Long> expected(long from, long to) {
    return LongStream.rangeClosed(from, to).map(number -> number * 220).boxed().toList();
  }
}
