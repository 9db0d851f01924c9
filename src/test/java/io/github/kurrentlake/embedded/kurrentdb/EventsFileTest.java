package io.github.kurrentlake.embedded.kurrentdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsFileTest {
  private static final String ID = "00112233-4455-6677-8899-aabbccddeeff";

  @TempDir Path directory;

  @Test
  void aRecordWithEveryColumnIsReadAsItStands() throws IOException {
    var file =
        lines(
            """
            {"log_position":7,"commit_position":9,"stream_revision":3,"created_at":1736150400001,\
            "expires_at":null,"stream":"loan-1","stream_hash":18446744073709551615,\
            "schema_name":"Asked","category":"other","deleted":false,"schema_id":"s-1",\
            "schema_format":"Bytes","record_id":"%s","data":" {\\"a\\" : \\"é\\"} ",\
            "metadata":"{\\"m\\":1}"}
            """
                .formatted(ID));

    assertThat(read(file))
        .containsExactly(
            new LogRecord(
                7,
                9L,
                3,
                1736150400001L,
                "loan-1",
                "Asked",
                "other",
                "s-1",
                "Bytes",
                UUID.fromString(ID),
                " {\"a\" : \"é\"} ",
                "{\"m\":1}"));
  }

  @Test
  void whatMayBeMissingHasItsDefault() throws IOException {
    var file = lines(line(0, "loan-1") + "\n");

    var only = read(file).get(0);
    assertThat(only.commitPosition()).isNull();
    assertThat(only.streamRevision()).isZero();
    assertThat(only.category()).isNull();
    assertThat(only.schemaId()).isNull();
    assertThat(only.schemaFormat()).isEqualTo("Json");
    assertThat(only.metadata()).isEqualTo("{}");
    assertThat(only.recordId()).isEqualTo(UUID.nameUUIDFromBytes("0".getBytes(UTF_8)));
  }

  @Test
  void aNullPayloadStaysNullAndAnEmptyOneStaysEmpty() throws IOException {
    var file =
        lines(
            """
            {"log_position":1,"stream":"a","schema_name":"T","created_at":1,"data":null}
            {"log_position":2,"stream":"a","schema_name":"T","created_at":1,"data":""}
            """);

    assertThat(read(file)).extracting(LogRecord::data).containsExactly(null, "");
  }

  @Test
  void anEmptyRecordIdIsThatOfARecordIndexedBeforeTheMigration() throws IOException {
    var file = lines(line(0, "a").replace("\"{}\"", "\"{}\",\"record_id\":\"\""));

    assertThat(read(file).get(0).recordId()).isNull();
  }

  @Test
  void revisionsAreCountedPerStreamWhereTheFileHasNone() throws IOException {
    var file = lines(line(1, "a"), line(2, "b"), line(3, "a"), line(4, "a"), line(5, "b"));

    assertThat(read(file))
        .extracting(LogRecord::streamRevision)
        .containsExactly(0L, 0L, 1L, 2L, 1L);
  }

  @Test
  void revisionsAreCountedForMoreStreamsThanTheTableBeginsWith() {
    var counts = new RevisionCounts();
    for (var round = 0; round < 3; round++) {
      for (var stream = 0; stream < 20_000; stream++) {
        assertThat(counts.next("loanRequest-" + stream)).isEqualTo(round);
      }
    }
  }

  @Test
  void anEmptyFileHasNoRecordsAndBlankLinesAreSkipped() throws IOException {
    assertThat(read(lines())).isEmpty();
    assertThat(read(lines("", "  ", line(1, "a") + "\r", "", line(2, "a")))).hasSize(2);
  }

  @Test
  void theLastLineNeedsNoNewline() throws IOException {
    var file = directory.resolve("events");
    Files.writeString(file, line(1, "a") + "\n" + line(2, "a"));

    assertThat(read(file)).hasSize(2);
  }

  @Test
  void aLineMayBeLongerThanAnyBuffer() throws IOException {
    var payload = "x".repeat(300_000);
    var file = lines(line(1, "a"), line(2, "a").replace("{}", payload), line(3, "a"));

    assertThat(read(file)).extracting(LogRecord::data).containsExactly("{}", payload, "{}");
  }

  @Test
  void manyLinesArriveWholeAndInOrder() throws IOException {
    var file = directory.resolve("events");
    try (var out = Files.newBufferedWriter(file)) {
      for (var i = 0; i < 20_000; i++) {
        out.write(line(i, "stream-" + i % 77).replace("{}", "payload " + i));
        out.write('\n');
      }
    }

    var records = read(file);
    assertThat(records).hasSize(20_000);
    for (var i = 0; i < records.size(); i++) {
      assertThat(records.get(i).logPosition()).isEqualTo(i);
      assertThat(records.get(i).data()).isEqualTo("payload " + i);
    }
  }

  @Test
  void recordsAreReadAsTheyAreTaken() throws IOException {
    var file = lines(line(1, "a"), line(2, "a"), "not JSON");

    try (var records = EventsFile.at(file).records()) {
      assertThat(records.limit(2)).hasSize(2);
    }
  }

  @Test
  void gzipIsKnownByItsContent() throws IOException {
    var file = directory.resolve("events.jsonl");
    Files.write(file, gzip(line(1, "a") + "\n" + line(2, "é") + "\n"));

    assertThat(read(file)).extracting(LogRecord::stream).containsExactly("a", "é");
  }

  @Test
  void gzipThatIsCutOffIsADefect() throws IOException {
    var file = directory.resolve("events.gz");
    var whole = gzip((line(1, "a") + "\n").repeat(1));
    Files.write(file, Arrays.copyOf(whole, whole.length - 10));
    assertThat(defect(file)).contains("line: 1", "gzip data is damaged or cut off");

    Files.write(file, Arrays.copyOf(whole, 5));
    assertThat(defect(file)).contains("line: 1", "gzip data is damaged or cut off");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "log_position":2   | "log_position":"2"    | log_position | must be a whole number, but is text
          "log_position":2   | "log_position":2.0    | log_position | must be a whole number, but is a number with a fraction
          "log_position":2   | "log_position":null   | log_position | must be a whole number, but is null
          "log_position":2   | "log_position":-2     | log_position | must not be negative
          "log_position":2   | "log_position":1      | log_position | must ascend, but 1 comes after 1
          "log_position":2   | "log_position":9223372036854775808 | log_position | beyond the range
          "log_position":2,  | ~~                    | log_position | is missing
          "stream":"a",      | ~~                    | stream       | is missing
          "stream":"a"       | "stream":""           | stream       | must not be empty
          "stream":"a"       | "stream":null         | stream       | must be text, but is null
          "stream":"a"       | "stream":"a","stream":"a" | stream   | is given twice
          "schema_name":"T"  | "schema_name":5       | schema_name  | must be text, but is a number
          "created_at":5     | "created_at":"2025"   | created_at   | must be a whole number, but is text
          "data":"{}"        | "data":{}             | data         | must be text, but is an object
          ,"data":"{}"       | ~~                    | data         | is missing
          "data":"{}"        | "data":"{}","event_number":5 | event_number | is not a column of kdb.records
          "data":"{}"        | "data":"{}","metadata":[] | metadata  | must be text, but is a list
          "data":"{}"        | "data":"{}","record_id":"1-2-3-4-5" | record_id | is not a UUID
          "data":"{}"        | "data":"{}","record_id":"00112233_4455-6677-8899-aabbccddeeff" | record_id | is not a UUID
          "data":"{}"        | "data":"{}","stream_revision":1 | stream_revision | is given, but was missing
          """)
  void aDefectNamesFileLineColumnAndReason(String good, String bad, String column, String reason)
      throws IOException {
    assertThat(line(2, "a")).contains(good);
    var file = lines(line(1, "a"), "", line(2, "a").replace(good, bad));

    assertThat(defect(file))
        .contains("file: " + file, "line: 3", "column: " + column)
        .containsPattern("reason: .*" + Pattern.quote(reason));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"log_position":2,    | is not valid JSON
          [1]                   | is not a JSON object
          log_position,stream   | is not valid JSON
          {}{}                  | holds more than one JSON object
          """)
  void aLineThatIsNotOneJsonObjectIsADefect(String bad, String reason) throws IOException {
    assertThat(defect(lines(line(1, "a"), bad)))
        .contains("line: 2", reason)
        .doesNotContain("column:");
  }

  @Test
  void bytesThatAreNotUtf8AreADefect() throws IOException {
    var file = directory.resolve("events");
    var bytes = line(1, "?").getBytes(UTF_8);
    for (var i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == '?' ? (byte) 0xE9 : bytes[i];
    }
    Files.write(file, bytes);

    assertThat(defect(file)).contains("line: 1", "UTF-8");
  }

  @Test
  void aFileThatCannotBeReadHasItsOwnError() {
    for (var path : List.of(directory, directory.resolve("missing"))) {
      assertThatExceptionOfType(KurrentlakeException.class)
          .isThrownBy(() -> EventsFile.at(path).records())
          .matches(e -> e.code() == ErrorCode.UNREADABLE_FILE)
          .withMessageContaining("file: " + path);
    }
  }

  @Test
  void parquetIsKnownByItsContentAndReadInItsOrder() throws SQLException {
    var file =
        parquet(
            "SELECT i * 10 AS log_position, 's-' || (i % 3) AS stream, 'T' AS schema_name,"
                + " 1736150400000 + i AS created_at, '{\"i\": ' || i || '}' AS data"
                + " FROM range(300000) t(i)");

    try (var records = EventsFile.at(file).records()) {
      var expected = new long[] {0};
      records.forEach(
          record -> {
            var i = expected[0]++;
            assertThat(record.logPosition()).isEqualTo(i * 10);
            assertThat(record.streamRevision()).isEqualTo(i / 3);
            assertThat(record.data()).isEqualTo("{\"i\": " + i + "}");
          });
      assertThat(expected[0]).isEqualTo(300_000);
    }
  }

  @Test
  void parquetWithTheColumnsOfKdbRecordsIsReadAsItStands() throws SQLException {
    var file = parquet("SELECT * FROM (" + kdbRecords("7::BIGINT") + ")");

    assertThat(read(file))
        .containsExactly(
            new LogRecord(
                7,
                null,
                3,
                5,
                "loan-1",
                "Asked",
                "loan",
                null,
                "Json",
                UUID.fromString(ID),
                null,
                "{\"m\":1}"));
  }

  @Test
  void aRecordIdInParquetIsBytesOfDotNetOrTextOrAUuid() throws SQLException {
    var mixedEndian =
        "'\\x33\\x22\\x11\\x00\\x55\\x44\\x77\\x66\\x88\\x99\\xAA\\xBB\\xCC\\xDD\\xEE\\xFF'";
    for (var id : List.of(mixedEndian + "::BLOB", "'" + ID + "'", "'" + ID + "'::UUID")) {
      var file = parquet(minimal("1", "'{}'") + ", " + id + " AS record_id");
      assertThat(read(file).get(0).recordId()).as(id).isEqualTo(UUID.fromString(ID));
    }
    assertThat(read(parquet(minimal("1", "'{}'") + ", ''::BLOB AS record_id")).get(0).recordId())
        .isNull();
    assertThat(defect(parquet(minimal("1", "'{}'") + ", 'abc'::BLOB AS record_id")))
        .contains("line: 1", "column: record_id", "must have 16 bytes, but has 3");
  }

  @Test
  void defectsInParquetNameRowColumnAndReason() throws SQLException {
    assertThat(defect(parquet(minimal("1", "'{}'") + " UNION ALL " + minimal("1", "'{}'"))))
        .contains("line: 2", "column: log_position", "must ascend");
    assertThat(defect(parquet(minimal("NULL::BIGINT", "'{}'"))))
        .contains("line: 1", "column: log_position", "must not be null");
    assertThat(defect(parquet(minimal("'1'", "'{}'"))))
        .contains("column: log_position", "must be a whole number, but is VARCHAR");
    assertThat(defect(parquet(minimal("1", "{'a': 1}"))))
        .contains("column: data", "must be text, but is STRUCT");
    assertThat(defect(parquet(minimal("1", "'{}'") + ", 5 AS event_number")))
        .contains("column: event_number", "is not a column of kdb.records");
    assertThat(defect(parquet("SELECT 1 AS log_position")))
        .contains("column: created_at", "is missing");
  }

  @Test
  void parquetThatIsCutOffIsADefect() throws IOException {
    var file = directory.resolve("events");
    Files.writeString(file, "PAR1 and nothing more");

    assertThat(defect(file)).contains("the Parquet data cannot be read");
  }

  @Test
  void aPathIsNoPattern() throws SQLException, IOException {
    var odd = directory.resolve("it's [a] * ?.parquet");
    Files.move(parquet(minimal("1", "'{}'")), directory.resolve("it's a b c.parquet"));
    Files.move(parquet(minimal("2", "'{}'")), odd);

    assertThat(read(odd)).extracting(LogRecord::logPosition).containsExactly(2L);
  }

  private Path lines(String... lines) throws IOException {
    return Files.write(directory.resolve("events"), List.of(lines));
  }

  private static String line(long position, String stream) {
    return "{\"log_position\":%d,\"stream\":\"%s\",\"schema_name\":\"T\",\"created_at\":5,\"data\":\"{}\"}"
        .formatted(position, stream);
  }

  private static String minimal(String position, String data) {
    return "SELECT %s AS log_position, 's' AS stream, 'T' AS schema_name, 5 AS created_at, %s AS data"
        .formatted(position, data);
  }

  private static String kdbRecords(String position) {
    return "SELECT "
        + position
        + " AS log_position, NULL::BIGINT AS commit_position, 3::BIGINT AS stream_revision,"
        + " 5::BIGINT AS created_at, NULL::BIGINT AS expires_at, 'loan-1' AS stream,"
        + " 1::UBIGINT AS stream_hash, 'Asked' AS schema_name, 'loan' AS category,"
        + " false AS deleted, NULL::VARCHAR AS schema_id, 'Json' AS schema_format,"
        + " '\\x33\\x22\\x11\\x00\\x55\\x44\\x77\\x66\\x88\\x99\\xAA\\xBB\\xCC\\xDD\\xEE\\xFF'::BLOB"
        + " AS record_id, NULL::VARCHAR AS data, '{\"m\":1}' AS metadata";
  }

  private Path parquet(String select) throws SQLException {
    var file = directory.resolve("events.parquet");
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute(
          "COPY (%s) TO '%s' (FORMAT parquet, ROW_GROUP_SIZE 20000)".formatted(select, file));
    }
    return file;
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static List<LogRecord> read(Path file) {
    try (var records = EventsFile.at(file).records()) {
      return records.toList();
    }
  }

  /** The message of the defect that reading the file meets. */
  private static String defect(Path file) {
    var error = catchThrowableOfType(KurrentlakeException.class, () -> read(file));
    assertThat(error).isNotNull();
    assertThat(error.code()).isEqualTo(ErrorCode.BAD_EVENTS_FILE);
    return error.getMessage();
  }
}
