package io.github.kurrentlake.job;

import static io.github.kurrentlake.payload.Field.integer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.kurrentlake.bronze.Bronze;
import io.github.kurrentlake.bronze.BronzeOptions;
import io.github.kurrentlake.bronze.BronzeTables;
import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.Silver;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.testing.BronzeRows;
import io.github.kurrentlake.testing.KurrentDbs;
import io.github.kurrentlake.testing.SharedSpark;
import io.github.kurrentlake.testing.Trees;
import java.io.FileNotFoundException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user is told when the files of a lakehouse were lost, cut or overwritten. */
@Tag("long")
class DamagedLakehouseTest {
  private static final Projection MEASURED =
      Projection.of("measured", "One row per Measured event", "Measured")
          .fields(integer("degrees", "Degrees", "Temperature"));
  private static final String GOOD = "{\"Degrees\":20}";
  private static final String BRONZE = "bronze/events";
  private static final String CHECKPOINT = "ops/_checkpoints/silver_measured";

  private static final SparkSession SPARK = SharedSpark.session();
  @TempDir private static Path shared;
  private static Path runs;
  @TempDir private Path directory;
  private Path place;
  private Lakehouse lakehouse;

  /** Bronze with a checkpoint of its log and entries after it, two runs of Silver, and news. */
  @BeforeAll
  static void twoRuns() {
    runs = shared.resolve("runs");
    var lakehouse = Lakehouse.at(runs);
    var events = lakehouse.ensure(SPARK, BronzeTables.EVENTS);
    SPARK.sql(
        "ALTER TABLE %s SET TBLPROPERTIES (delta.checkpointInterval = 3)"
            .formatted(events.sqlName()));
    append(lakehouse, 100);
    append(lakehouse, 200);
    project(lakehouse);
    append(lakehouse, 300);
    project(lakehouse);
    append(lakehouse, 400);
  }

  @BeforeEach
  void aCopy() {
    place = Trees.copy(runs, directory.resolve("lakehouse"));
    lakehouse = Lakehouse.at(place);
  }

  @Test
  void aFullDiskIsSaidWhereverItIsMet() {
    var session = SPARK.newSession();
    session.conf().set("fs.tiny.impl", Tiny.class.getName());
    session.conf().set("fs.AbstractFileSystem.tiny.impl", TinyContext.class.getName());
    var tiny = Lakehouse.parse("tiny://" + directory.resolve("tiny"));

    var thrown =
        catchThrowable(() -> new BronzeRows().event(1, "s-1", "A", "{}").append(session, tiny));
    assertSaid(thrown, ErrorCode.STORAGE_FULL, "No space left on device");
    // Hadoop makes an error of it where it writes a commit.
    var ofHadoop = new AssertionError(new IOException("No space left on device"));
    assertSaid(ofHadoop, ErrorCode.STORAGE_FULL, "No space left on device");
  }

  @Test
  void aStorageThatRefusesToBeWrittenToIsSaid() {
    for (var reason :
        List.of(
            new AccessDeniedException("/lake/bronze"),
            new FileNotFoundException("/lake/bronze/part-0.parquet (Permission denied)"),
            new IOException("/lake/bronze: Read-only file system"))) {
      assertSaid(new IllegalStateException(reason), ErrorCode.STORAGE_READ_ONLY, "/lake/bronze");
    }
  }

  @Test
  void deltaThatIsMissingIsSaid() {
    for (var missing :
        List.of(
            new ClassNotFoundException("delta.DefaultSource"),
            new ClassNotFoundException("org.apache.spark.sql.delta.catalog.DeltaCatalog"),
            new NoClassDefFoundError("io/delta/storage/LogStore"))) {
      assertSaid(new IllegalStateException(missing), ErrorCode.NO_DELTA, missing.getMessage());
    }
  }

  /** Older Delta refuses them as other formats do. */
  @Test
  void deltaThatMakesNoGeneratedColumnsIsSaid() {
    var ddl = "CREATE TABLE made (a INT, b INT GENERATED ALWAYS AS (a)) USING parquet";
    assertSaid(catchThrowable(() -> SPARK.sql(ddl)), ErrorCode.DELTA_TOO_OLD, "generated columns");
  }

  @Test
  void aCatalogThatSparkDoesNotKnowIsSaid() {
    var nowhere = Lakehouse.parse("nowhere");
    assertSaid(
        catchThrowable(() -> nowhere.ensure(SPARK, BronzeTables.EVENTS)),
        ErrorCode.UNKNOWN_CATALOG,
        "nowhere");
  }

  @Test
  void aCutCheckpointOfALogIsNamedAndMayBeMovedAway() throws IOException {
    var checkpoint = only(BRONZE + "/_delta_log", ".*\\.checkpoint\\.parquet");
    cut(checkpoint);

    assertSaid(
        catchThrowable(() -> count(lakehouse)),
        ErrorCode.TABLE_CHECKPOINT_DAMAGED,
        checkpoint.getFileName().toString());
    remove(checkpoint);
    assertThat(project(moved()).rowsOut()).isEqualTo(1);
  }

  @Test
  void anEntryOfALogThatIsNoJsonIsNamed() throws IOException {
    overwrite(last(BRONZE));

    assertSaid(
        catchThrowable(() -> count(lakehouse)),
        ErrorCode.TABLE_LOG_DAMAGED,
        last(BRONZE).getFileName().toString());
    assertSaid(
        catchThrowable(() -> project(lakehouse)), ErrorCode.TABLE_LOG_DAMAGED, "bronze/events");
  }

  @Test
  void anEntryOfALogThatIsGoneIsMissed() throws IOException {
    remove(place.resolve(BRONZE + "/_delta_log/%020d.json".formatted(4)));

    assertSaid(catchThrowable(() -> project(lakehouse)), ErrorCode.TABLE_LOG_DAMAGED, "4.json");
  }

  @Test
  void aLogWithoutItsBeginningIsMissed() throws IOException {
    remove(place.resolve(BRONZE + "/_delta_log/%020d.json".formatted(0)));
    remove(only(BRONZE + "/_delta_log", ".*\\.checkpoint\\.parquet"));

    assertSaid(catchThrowable(() -> project(lakehouse)), ErrorCode.TABLE_LOG_DAMAGED, "checkpoint");
  }

  @Test
  void aDataFileThatIsGoneIsNamed() throws IOException {
    for (var file : data(BRONZE)) {
      remove(file);
    }
    assertSaid(catchThrowable(() -> count(lakehouse)), ErrorCode.FILE_LOST, "bronze/events/part-");
    // No new checkpoint would help, as it does for what VACUUM removed.
    assertSaid(catchThrowable(() -> project(lakehouse)), ErrorCode.FILE_LOST, "part-");
    Trees.delete(place.resolve(BRONZE));
    append(lakehouse, 100);
    project(lakehouse);
  }

  @Test
  void aDataFileThatWasCutIsNamed() throws IOException {
    for (var file : data(BRONZE)) {
      cut(file);
    }
    assertSaid(
        catchThrowable(() -> project(lakehouse)), ErrorCode.FILE_DAMAGED, "bronze/events/part-");
  }

  @Test
  void aFileThatDiffersFromItsChecksumIsNamed() throws IOException {
    for (var file : data(BRONZE)) {
      var bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
    }
    assertSaid(
        catchThrowable(() -> project(lakehouse)),
        ErrorCode.CHECKSUM_DIFFERS,
        "bronze/events/part-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"offsets/1", "metadata"})
  void aCutCheckpointOfAStreamIsNamedAndMayBeDeleted(String file) throws IOException {
    cut(place.resolve(CHECKPOINT).resolve(file));
    assertStreamIsMended();
  }

  @Test
  void anEmptyFileOfACheckpointToo() throws IOException {
    var path = place.resolve(CHECKPOINT).resolve("commits/1");
    remove(path);
    Files.createFile(path);
    assertStreamIsMended();
  }

  @ParameterizedTest
  @ValueSource(strings = {"offsets/0", "offsets/1"})
  void aMissingOffsetToo(String file) throws IOException {
    remove(place.resolve(CHECKPOINT).resolve(file));
    assertStreamIsMended();
  }

  /** As when a part of a directory was brought back from a backup. */
  @Test
  void aCommitThatIsGoneWhileItsChecksumStaysIsMadeAgain() throws IOException {
    place = directory.resolve("of-a-log");
    lakehouse = Lakehouse.at(place);
    try (var kurrentdb = EmbeddedKurrentDb.builder().start()) {
      kurrentdb.append(Stream.of(event(1000)));
      ingest(kurrentdb, lakehouse);
      kurrentdb.append(Stream.of(event(1100)));
      ingest(kurrentdb, lakehouse);
      Files.delete(last(BRONZE));

      assertThat(ingest(kurrentdb, moved()).rowsOut()).isEqualTo(1);
      assertThat(ingest(kurrentdb, moved())).isEqualTo(JobReport.nothingNew());
    }
    assertThat(count(lakehouse)).isEqualTo(2);
  }

  private void assertStreamIsMended() {
    assertSaid(
        catchThrowable(() -> project(lakehouse)),
        ErrorCode.STREAM_CHECKPOINT_DAMAGED,
        place.resolve(CHECKPOINT).toString());
    Trees.delete(place.resolve(CHECKPOINT));
    assertThat(project(lakehouse).rowsOut()).isEqualTo(1);
  }

  /** As the last lines of a task say it. */
  private static void assertSaid(Throwable thrown, ErrorCode code, String detail) {
    assertThat(thrown).isNotNull();
    var said = JobMain.known(thrown);
    assertThat(said).extracting(KurrentlakeException::code).isEqualTo(code);
    assertThat(said).hasMessageContaining(detail);
  }

  private static void append(Lakehouse lakehouse, long position) {
    new BronzeRows().event(position, "s-1", "Measured", GOOD).append(SPARK, lakehouse);
  }

  /** Reads a column, which the log alone cannot answer. */
  private static long count(Lakehouse lakehouse) {
    return lakehouse.table(BronzeTables.EVENTS).read(SPARK).where("data <> ''").count();
  }

  private static JobReport project(Lakehouse lakehouse) {
    return Silver.project(SPARK, lakehouse, MEASURED, Progress.unwatched());
  }

  private JobReport ingest(EmbeddedKurrentDb kurrentdb, Lakehouse into) {
    return Bronze.ingest(
        SPARK,
        new BronzeOptions(into, KurrentDbs.reach(kurrentdb, directory), "order", "test", 100),
        Progress.unwatched());
  }

  private static LogRecord event(long position) {
    return LogRecord.json(
        position, position, 1_738_168_933_527L, "order-1", "Placed", UUID.randomUUID(), "{}");
  }

  /** The same lakehouse where nothing is known of it, as in another process. */
  private Lakehouse moved() throws IOException {
    place = Files.move(place, directory.resolve(UUID.randomUUID().toString()));
    lakehouse = Lakehouse.at(place);
    return lakehouse;
  }

  private List<Path> data(String table) throws IOException {
    try (var files = Files.list(place.resolve(table))) {
      return files.filter(file -> file.getFileName().toString().matches("part-.*")).toList();
    }
  }

  private Path last(String table) throws IOException {
    try (var files = Files.list(place.resolve(table + "/_delta_log"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("\\d+\\.json"))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  private Path only(String in, String name) throws IOException {
    try (var files = Files.list(place.resolve(in))) {
      return files
          .filter(file -> file.getFileName().toString().matches("\\d+" + name))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  private static void cut(Path file) throws IOException {
    var bytes = Files.readAllBytes(file);
    remove(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
  }

  private static void overwrite(Path file) throws IOException {
    remove(file);
    Files.writeString(file, "{\"add\":{\"path\":\n");
  }

  /** With its checksum, as a storage has it that keeps none. */
  private static void remove(Path file) throws IOException {
    Files.delete(file);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  /** A storage with room for a log, but not for data. */
  public static final class Tiny extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("tiny:///");
    }

    @Override
    public String getScheme() {
      return "tiny";
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path file,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      var out = super.create(file, overwrite, bufferSize, replication, blockSize, progress);
      return file.getName().endsWith(".parquet")
          ? new FSDataOutputStream(new NoRoom(out), null)
          : out;
    }
  }

  /** The same as Hadoop's newer interface. */
  public static final class TinyContext extends DelegateToFileSystem {
    public TinyContext(URI uri, Configuration configuration)
        throws IOException, URISyntaxException {
      super(uri, new Tiny(), configuration, "tiny", false);
    }

    @Override
    public int getUriDefaultPort() {
      return -1;
    }
  }

  private static final class NoRoom extends FilterOutputStream {
    NoRoom(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      throw new IOException("No space left on device");
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      throw new IOException("No space left on device");
    }
  }
}
