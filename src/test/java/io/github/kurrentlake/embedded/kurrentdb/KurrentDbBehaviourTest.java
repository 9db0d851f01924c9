package io.github.kurrentlake.embedded.kurrentdb;

import static io.github.kurrentlake.embedded.kurrentdb.TestClient.descriptor;
import static io.github.kurrentlake.embedded.kurrentdb.TestClient.plainDescriptor;
import static io.github.kurrentlake.embedded.kurrentdb.TestClient.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import io.github.kurrentlake.settings.Secret;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.impl.Flight;
import org.apache.arrow.flight.impl.FlightServiceGrpc;
import org.apache.arrow.flight.sql.FlightSqlClient.PreparedStatement;
import org.apache.arrow.flight.sql.impl.FlightSql;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The behaviours of KurrentDB that a client meets, one line each, and the proof of each. */
class KurrentDbBehaviourTest {
  private static final String OPAQUE = "Exception was thrown by handler.";
  private static final String UNSUPPORTED = "The feature is not supported";
  private static final int ORDERS = 5000;
  private static final long SPACED = 600_001;
  private static final long BINARY = 600_002;
  private static final long SCAVENGED = 600_003;
  private static final long REDACTED = 600_004;
  private static final long REDACTED_BINARY = 600_005;
  private static final long SYSTEM_EVENT = 600_006;
  private static final long SYSTEM_STREAM = 600_007;
  private static final long LEGACY = 600_008;
  private static final long AFTER_LEGACY = 600_020;
  private static final long OLD = 600_030;
  private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

  private static EmbeddedKurrentDb node;
  private static TestClient client;

  @BeforeAll
  static void start() throws Exception {
    node = EmbeddedKurrentDb.builder().userWithoutLogAccess("eve", Secret.of("pass:word")).start();
    node.append(Records.orders(ORDERS));
    node.append(
        Stream.of(
            record(SPACED, "a-b-c", "Spaced", "{ \"x\" :  1.0 }"),
            LogRecord.binary(
                BINARY, 0, 0, "nodash", "Binary", ID, "hi".getBytes(StandardCharsets.UTF_8)),
            record(SCAVENGED, "gone-1", "Gone", "{\"x\":1}"),
            record(REDACTED, "secret-1", "Secret", "{\"x\":1}"),
            LogRecord.binary(REDACTED_BINARY, 0, 0, "secret-2", "Secret", ID, new byte[] {1}),
            record(SYSTEM_EVENT, "a-b-c", "$>", "{}"),
            record(SYSTEM_STREAM, "$$a-b-c", "metadata", "{}"),
            record(AFTER_LEGACY - 5, "legacy-1", "Before", "{}"),
            record(LEGACY, "legacy-1", "Legacy", "{}").committedAt(AFTER_LEGACY - 1),
            record(AFTER_LEGACY, "legacy-1", "After", "{}"),
            LogRecord.json(OLD, 0, 0, "old-1", "Old", null, "{}")));
    node.scavenge("gone-1");
    node.redact(REDACTED);
    node.redact(REDACTED_BINARY);
    node.createIndex(
        "orders_by-country",
        UserIndex.ofEventType("OrderPlaced")
            .field("country", UserIndex.FieldType.STRING, "$.country")
            .field("number", UserIndex.FieldType.INT_64, "$.number"));
    client = TestClient.admin(node);
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    node.close();
  }

  @FunctionalInterface
  interface Proof {
    void run() throws Exception;
  }

  private static Named<Proof> rule(String name, Proof proof) {
    return Named.of(name, proof);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void kurrentDb(Proof proof) throws Exception {
    proof.run();
  }

  static Stream<Named<Proof>> rules() {
    return Stream.of(
            recordRules(), flightRules(), preparedStatementRules(), actionRules(), otherCallRules())
        .flatMap(Function.identity());
  }

  private static Stream<Named<Proof>> recordRules() {
    return Stream.of(
        rule(
            "SELECT * has fifteen columns in this order and of these Arrow types, all nullable",
            () -> {
              var fields = client.schema("SELECT * FROM kdb.records").getFields();
              assertThat(fields).extracting(Field::isNullable).containsOnly(true);
              assertThat(fields.stream().map(field -> field.getName() + " " + field.getType()))
                  .containsExactly(
                      "log_position Int(64, true)",
                      "commit_position Int(64, true)",
                      "stream_revision Int(64, true)",
                      "created_at Int(64, true)",
                      "expires_at Int(64, true)",
                      "stream Utf8",
                      "stream_hash Int(64, false)",
                      "schema_name Utf8",
                      "category Utf8",
                      "deleted Bool",
                      "schema_id Utf8",
                      "schema_format Utf8",
                      "record_id Binary",
                      "data Utf8",
                      "metadata Utf8");
            }),
        rule(
            "expires_at is never set, deleted is always false, metadata is {} when there is none",
            () ->
                assertThat(
                        client.rows(
                            "SELECT DISTINCT expires_at, deleted, metadata FROM kdb.records"))
                    .containsExactly(row(null, false, "{}"))),
        rule(
            "the category is the stream's name before the first '-', or the whole name",
            () ->
                assertThat(
                        client.rows(
                            "SELECT category FROM kdb.records WHERE stream IN ('a-b-c', 'nodash')"
                                + " ORDER BY log_position"))
                    .containsExactly(row("a"), row("nodash"))),
        rule(
            "stream_hash depends on the stream alone",
            () ->
                assertThat(
                        client.value(
                            "SELECT count(DISTINCT stream_hash) - count(DISTINCT stream)"
                                + " FROM kdb.records"))
                    .isEqualTo(0L)),
        rule(
            "record_id is the memory of a .NET Guid",
            () ->
                assertThat((byte[]) cell("record_id", SPACED))
                    .isEqualTo(
                        new byte[] {
                          0x33,
                          0x22,
                          0x11,
                          0x00,
                          0x55,
                          0x44,
                          0x77,
                          0x66,
                          (byte) 0x88,
                          (byte) 0x99,
                          (byte) 0xaa,
                          (byte) 0xbb,
                          (byte) 0xcc,
                          (byte) 0xdd,
                          (byte) 0xee,
                          (byte) 0xff
                        })),
        rule(
            "record_id of a record indexed before 26.1 is empty",
            () -> assertThat((byte[]) cell("record_id", OLD)).isEmpty()),
        rule(
            "a JSON payload is shown as it was written",
            () -> assertThat(cell("data", SPACED)).isEqualTo("{ \"x\" :  1.0 }")),
        rule(
            "a payload that is not JSON is base64 in double quotes, which is JSON",
            () -> {
              assertThat(cell("data", BINARY)).isEqualTo("\"aGk=\"");
              assertThat(cell("schema_format", BINARY)).isEqualTo("Bytes");
              assertThat(cell("data::json->>'$'", BINARY)).isEqualTo("aGk=");
            }),
        rule(
            "a scavenged record stays with {} for data and metadata",
            () -> {
              assertThat(cell("data", SCAVENGED)).isEqualTo("{}");
              assertThat(cell("metadata", SCAVENGED)).isEqualTo("{}");
            }),
        rule(
            "a redacted record has no data: nothing for JSON, two quotes otherwise",
            () -> {
              assertThat(cell("data", REDACTED)).isEqualTo("");
              assertThat(cell("data", REDACTED_BINARY)).isEqualTo("\"\"");
            }),
        rule(
            "a cast of redacted JSON fails the whole query",
            () ->
                assertOpaque(
                    () -> client.rows("SELECT data::json FROM kdb.records WHERE data = ''"))),
        rule(
            "system events and events in system streams are absent",
            () ->
                assertThat(
                        client.rows(
                            "SELECT stream FROM kdb.records WHERE log_position IN (%d, %d)"
                                .formatted(SYSTEM_EVENT, SYSTEM_STREAM)))
                    .isEmpty()),
        rule(
            "a legacy transaction shows below what was visible before it, with its commit",
            () ->
                assertThat(
                        client.rows(
                            "SELECT log_position, commit_position FROM kdb.records"
                                + " WHERE stream = 'legacy-1'"
                                + " ORDER BY coalesce(commit_position, log_position)"))
                    .containsExactly(
                        row(AFTER_LEGACY - 5, null),
                        row(LEGACY, AFTER_LEGACY - 1),
                        row(AFTER_LEGACY, null))),
        rule(
            "an ordinary record has no commit_position",
            () ->
                assertThat(
                        client.value(
                            "SELECT count(*) FROM kdb.records WHERE commit_position IS NOT NULL"))
                    .isEqualTo(1L)),
        rule(
            "epoch_ms gives a timestamp without a zone, to_timestamp one with a zone",
            () -> {
              assertThat(type("epoch_ms(created_at)")).isEqualTo("Timestamp(MICROSECOND, null)");
              assertThat(type("to_timestamp(created_at / 1000)"))
                  .startsWith("Timestamp(MICROSECOND, ")
                  .doesNotContain("null");
            }),
        rule(
            "JSON and its texts are Utf8, counts int64, sums of integers decimal(38, 0)",
            () -> {
              assertThat(type("data::json")).isEqualTo("Utf8");
              assertThat(type("data::json->>'x'")).isEqualTo("Utf8");
              assertThat(type("count(*)")).isEqualTo("Int(64, true)");
              assertThat(type("sum(stream_revision)")).isEqualTo("Decimal(38, 0, 128)");
            }),
        rule(
            "a user index has its columns in this order",
            () -> {
              var columns = client.schema("SELECT * FROM usr.\"orders_by-country\"").getFields();
              assertThat(columns)
                  .extracting(Field::getName)
                  .containsExactly(
                      "log_position",
                      "commit_position",
                      "stream_revision",
                      "created_at",
                      "field_country",
                      "field_number",
                      "record_id",
                      "data",
                      "metadata",
                      "stream",
                      "schema_name");
              assertThat(
                      client.value(
                          "SELECT sum(field_number)::BIGINT FROM usr.\"orders_by-country\""
                              + " WHERE field_country = 'NL'"))
                  .isEqualTo(ORDERS * (ORDERS + 1L) / 2);
            }));
  }

  private static Stream<Named<Proof>> flightRules() {
    return Stream.of(
        rule(
            "an ad-hoc FlightInfo has an empty schema, one endpoint without location, no totals",
            () -> {
              var descriptor = descriptor(query("SELECT * FROM kdb.records"));
              var info = client.raw().getFlightInfo(descriptor);
              assertThat(schema(info.getSchema()).getFields()).isEmpty();
              assertThat(info.getFlightDescriptor()).isEqualTo(descriptor);
              assertThat(info.getEndpointCount()).isEqualTo(1);
              assertThat(info.getEndpoint(0).getLocationCount()).isZero();
              assertThat(info.getTotalRecords()).isEqualTo(-1);
              assertThat(info.getTotalBytes()).isEqualTo(-1);
              assertThat(info.getOrdered()).isFalse();
              assertThat(info.getAppMetadata()).isEqualTo(ByteString.EMPTY);
            }),
        rule(
            "an unknown column shows only when the stream is read",
            () -> {
              var sql = "SELECT nonsense FROM kdb.records";
              var info = client.raw().getFlightInfo(descriptor(query(sql)));
              assertOpaque(() -> TestClient.rows(client.stream(info)));
            }),
        rule(
            "a descriptor that is no command is SQL, and its FlightInfo has the real schema",
            () -> {
              var info =
                  client
                      .raw()
                      .getFlightInfo(
                          plainDescriptor("SELECT max(log_position) AS m FROM kdb.records"));
              assertThat(schema(info.getSchema()).toString()).isEqualTo("Schema<m: Int(64, true)>");
              assertThat(TestClient.rows(client.stream(info))).containsExactly(row(OLD));
            }),
        rule(
            "GetSchema knows the schema of a query, and of nothing else",
            () -> {
              var result =
                  client
                      .raw()
                      .getSchema(descriptor(query("SELECT stream, deleted FROM kdb.records")));
              assertThat(schema(result.getSchema()).toString())
                  .isEqualTo("Schema<stream: Utf8, deleted: Bool>");
              assertFails(
                  Status.Code.UNIMPLEMENTED,
                  UNSUPPORTED,
                  () ->
                      client
                          .raw()
                          .getSchema(descriptor(FlightSql.CommandGetTables.getDefaultInstance())));
            }),
        rule(
            "metadata commands answer with an empty schema and no endpoint",
            () -> {
              for (var command :
                  List.<Message>of(
                      FlightSql.CommandGetSqlInfo.getDefaultInstance(),
                      FlightSql.CommandGetCatalogs.getDefaultInstance(),
                      FlightSql.CommandGetDbSchemas.getDefaultInstance(),
                      FlightSql.CommandGetTables.getDefaultInstance(),
                      FlightSql.CommandGetTableTypes.getDefaultInstance(),
                      FlightSql.CommandGetPrimaryKeys.getDefaultInstance(),
                      FlightSql.CommandGetExportedKeys.getDefaultInstance(),
                      FlightSql.CommandGetImportedKeys.getDefaultInstance(),
                      FlightSql.CommandGetCrossReference.getDefaultInstance())) {
                var info = client.raw().getFlightInfo(descriptor(command));
                assertThat(schema(info.getSchema()).getFields()).isEmpty();
                assertThat(info.getEndpointCount()).isZero();
              }
            }),
        rule(
            "GetFlightInfo supports no update, no Substrait and no type info",
            () -> {
              for (var command :
                  List.<Message>of(
                      FlightSql.CommandStatementUpdate.getDefaultInstance(),
                      FlightSql.CommandStatementSubstraitPlan.getDefaultInstance(),
                      FlightSql.CommandGetXdbcTypeInfo.getDefaultInstance())) {
                assertFails(
                    Status.Code.UNIMPLEMENTED,
                    UNSUPPORTED,
                    () -> client.raw().getFlightInfo(descriptor(command)));
              }
            }),
        rule(
            "a result without rows still has its schema",
            () -> {
              var none = "SELECT stream FROM kdb.records WHERE log_position < 0";
              assertThat(client.schema(none).toString()).isEqualTo("Schema<stream: Utf8>");
              assertThat(client.rows(none)).isEmpty();
            }),
        rule(
            "a batch has 2048 rows at most",
            () -> {
              var sizes = new ArrayList<Integer>();
              try (var stream = client.stream("SELECT * FROM kdb.records")) {
                while (stream.next()) {
                  sizes.add(stream.getRoot().getRowCount());
                }
              }
              assertThat(sizes).hasSizeGreaterThan(2).allMatch(size -> size <= 2048);
            }),
        rule(
            "a ticket that was tampered with is refused",
            () -> {
              var info = client.raw().getFlightInfo(descriptor(query("FROM kdb.records")));
              var signed =
                  Any.parseFrom(info.getEndpoint(0).getTicket().getTicket())
                      .unpack(BytesValue.class)
                      .getValue()
                      .toByteArray();
              signed[0] ^= 1;
              assertFails(
                  Status.Code.UNKNOWN,
                  OPAQUE,
                  () -> get(BytesValue.of(ByteString.copyFrom(signed))));
              assertFails(Status.Code.UNKNOWN, OPAQUE, () -> get(BytesValue.of(ByteString.EMPTY)));
            }),
        rule(
            "a ticket of another kind is not supported",
            () ->
                assertFails(
                    Status.Code.UNIMPLEMENTED,
                    UNSUPPORTED,
                    () -> get(StringValue.of("SELECT 1")))));
  }

  private static Stream<Named<Proof>> preparedStatementRules() {
    return Stream.of(
        rule(
            "a prepared statement knows its schemas, and its FlightInfo and stream have the same",
            () -> {
              try (var statement =
                  client
                      .sql()
                      .prepare("SELECT *, count(*) OVER () FROM kdb.records WHERE stream = ?")) {
                bind(statement, text("a-b-c"));
                var info = statement.execute();
                assertThat(info.getEndpoints()).hasSize(1);
                assertThat(info.getRecords()).isEqualTo(-1);
                assertThat(statement.getParameterSchema().toString()).isEqualTo("Schema<1: Utf8>");
                try (var stream = client.sql().getStream(info.getEndpoints().get(0).getTicket())) {
                  assertThat(stream.getSchema())
                      .isEqualTo(info.getSchemaOptional().orElseThrow())
                      .isEqualTo(statement.getResultSetSchema());
                }
              }
            }),
        rule(
            "an unknown column shows when the statement is prepared",
            () ->
                assertOpaque(
                    () -> client.sql().prepare("SELECT nonsense FROM kdb.records").close())),
        rule(
            "columns of the same name keep it",
            () -> {
              try (var statement =
                  client.sql().prepare("SELECT stream AS s, stream AS s FROM kdb.records")) {
                assertThat(statement.getResultSetSchema().toString())
                    .isEqualTo("Schema<s: Utf8, s: Utf8>");
              }
            }),
        rule(
            "several bound rows run the statement once each, in their order",
            () -> {
              try (var statement =
                  client.sql().prepare("SELECT stream FROM kdb.records WHERE log_position = $1")) {
                bind(statement, longs(BINARY, 1, SPACED));
                assertThat(rows(statement)).containsExactly(row("nodash"), row("a-b-c"));
              }
            }),
        rule(
            "a new binding replaces the one before",
            () -> {
              try (var statement =
                  client.sql().prepare("SELECT stream FROM kdb.records WHERE log_position = ?")) {
                bind(statement, longs(BINARY));
                statement.clearParameters();
                bind(statement, longs(SPACED));
                assertThat(rows(statement)).containsExactly(row("a-b-c"));
              }
            }),
        rule(
            "a statement that lacks its parameters fails when it runs",
            () -> {
              try (var statement =
                  client.sql().prepare("SELECT stream FROM kdb.records WHERE log_position = ?")) {
                assertOpaque(() -> rows(statement));
              }
            }),
        rule(
            "a connection has a hundred statements at most, and closing one makes room",
            () -> {
              try (var other = TestClient.admin(node)) {
                var statements = new ArrayList<PreparedStatement>();
                for (var i = 0; i < 100; i++) {
                  statements.add(other.sql().prepare("SELECT 1 FROM kdb.records"));
                }
                var failure =
                    catchThrowableOfType(
                        FlightRuntimeException.class,
                        () -> other.sql().prepare("SELECT 1 FROM kdb.records").close());
                assertThat(failure.status().code()).isEqualTo(FlightStatusCode.RESOURCE_EXHAUSTED);
                assertThat(failure).hasMessage("Too many prepared statements");
                statements.get(0).close();
                other.sql().prepare("SELECT 1 FROM kdb.records").close();
              }
            }),
        rule(
            "a statement belongs to its connection",
            () -> {
              try (var other = TestClient.admin(node)) {
                var handle = createStatement(client);
                var foreign = preparedQuery(handle);
                assertFails(
                    Status.Code.NOT_FOUND,
                    "Prepared statement handle doesn't exist",
                    () -> other.raw().getFlightInfo(descriptor(foreign)));
                assertThat(client.raw().getFlightInfo(descriptor(foreign)).getEndpointCount())
                    .isEqualTo(1);
                assertThat(handle.size()).isEqualTo(16);
              }
            }),
        rule(
            "a closed statement is unknown to every call",
            () -> {
              var handle = createStatement(client);
              var close =
                  FlightSql.ActionClosePreparedStatementRequest.newBuilder()
                      .setPreparedStatementHandle(handle)
                      .build();
              assertThat(act("ClosePreparedStatement", close))
                  .containsExactly(Flight.Result.getDefaultInstance());
              for (var call :
                  List.<Proof>of(
                      () -> act("ClosePreparedStatement", close),
                      () -> client.raw().getSchema(descriptor(preparedQuery(handle))),
                      () -> get(preparedQuery(handle)))) {
                assertFails(Status.Code.NOT_FOUND, "Prepared statement handle doesn't exist", call);
              }
            }));
  }

  private static Stream<Named<Proof>> actionRules() {
    return Stream.of(
        rule(
            "CloseSession does nothing and says so once",
            () ->
                assertThat(act("CloseSession", Any.getDefaultInstance()))
                    .containsExactly(Flight.Result.getDefaultInstance())),
        rule(
            "no other action is supported",
            () -> {
              for (var type :
                  List.of(
                      "BeginTransaction",
                      "EndTransaction",
                      "SetSessionOptions",
                      "CancelQuery",
                      "CancelFlightInfo")) {
                assertFails(
                    Status.Code.UNIMPLEMENTED,
                    "Action " + type + " is not supported",
                    () -> act(type, Any.getDefaultInstance()));
              }
            }));
  }

  private static Stream<Named<Proof>> otherCallRules() {
    return Stream.of(
        rule(
            "DoPut takes parameters and no update",
            () -> {
              var failure =
                  catchThrowableOfType(
                      FlightRuntimeException.class,
                      () -> client.sql().executeUpdate("DELETE FROM kdb.records"));
              assertThat(failure.status().code()).isEqualTo(FlightStatusCode.UNIMPLEMENTED);
              assertThat(failure).hasMessage(UNSUPPORTED);
            }),
        rule(
            "ListFlights, ListActions and DoExchange fail without a reason",
            () -> {
              assertFails(
                  Status.Code.UNKNOWN,
                  OPAQUE,
                  () -> drain(client.raw().listFlights(Flight.Criteria.getDefaultInstance())));
              assertFails(
                  Status.Code.UNKNOWN,
                  OPAQUE,
                  () -> drain(client.raw().listActions(Flight.Empty.getDefaultInstance())));
              var exchange =
                  client
                      .channel()
                      .newCall(
                          FlightServiceGrpc.getDoExchangeMethod(), io.grpc.CallOptions.DEFAULT);
              assertFails(
                  Status.Code.UNKNOWN,
                  OPAQUE,
                  () ->
                      drain(
                          ClientCalls.blockingServerStreamingCall(
                              exchange, Flight.FlightData.getDefaultInstance())));
            }),
        rule(
            "PollFlightInfo does not exist",
            () ->
                assertFails(
                    Status.Code.UNIMPLEMENTED,
                    "Method is unimplemented.",
                    () -> client.raw().pollFlightInfo(descriptor(query("FROM kdb.records"))))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM kdb.records",
        "FROM kdb.records",
        "SELECT stream FROM kdb.records;",
        "SELECT stream FROM kdb.records UNION ALL SELECT stream FROM kdb.records",
        "SELECT s FROM (SELECT stream AS s FROM kdb.records)",
        "SELECT (SELECT max(log_position) FROM kdb.records) FROM kdb.records",
        "SELECT 1 FROM kdb.records WHERE stream IN (SELECT stream FROM kdb.records)",
        "SELECT * FROM (SELECT stream FROM kdb.records LIMIT 1) a FULL OUTER JOIN"
            + " (SELECT stream FROM kdb.records LIMIT 1) b ON a.stream = b.stream",
        "SELECT * FROM (SELECT 1 AS x FROM kdb.records LIMIT 1) a JOIN"
            + " (SELECT 1 AS x FROM kdb.records LIMIT 1) b USING (x) JOIN"
            + " (SELECT 1 AS x FROM kdb.records LIMIT 1) c USING (x)",
        "WITH a AS (SELECT 1 AS x FROM kdb.records LIMIT 1) FROM a JOIN a AS b USING (x)",
        "SELECT r.stream FROM kdb.records AS r QUALIFY row_number() OVER (PARTITION BY stream) = 1",
        "SELECT data->>'number' FROM kdb.records WHERE schema_format = 'Json' AND data <> ''",
        "SELECT field_country FROM usr.\"orders_by-country\"",
      })
  void thisSqlIsAccepted(String sql) throws Exception {
    assertThat(client.rows(sql)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SELEC",
        "SELECT 1",
        "SELECT (SELECT max(log_position) FROM kdb.records)",
        "SELECT 1 FROM kdb.records WHERE 1 = (SELECT 1)",
        "VALUES (1)",
        "SELECT * FROM range(3)",
        "SELECT * FROM read_csv('/etc/passwd')",
        "FROM '/etc/passwd'",
        "SHOW TABLES",
        "DESCRIBE kdb.records",
        "WITH x AS (SELECT stream FROM kdb.records) SELECT stream FROM x",
        "SELECT * FROM records",
        "SELECT * FROM idx_all",
        "SELECT * FROM KDB.RECORDS",
        "SELECT * FROM kdb.RECORDS",
        "SELECT * FROM kdb.streams",
        "SELECT * FROM kdb.categories",
        "SELECT * FROM main.idx_all",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM pg_catalog.pg_tables",
        "SELECT * FROM usr.Upper",
        "SELECT * FROM usr.\"bad name\"",
        "INSERT INTO kdb.records VALUES (1)",
        "CREATE TABLE t (x INTEGER)",
        "DELETE FROM kdb.records",
        "COPY kdb.records TO '/tmp/stolen.csv'",
        "PRAGMA version",
        "SET threads = 1",
        "ATTACH '/tmp/other.ddb'",
        "EXPLAIN SELECT * FROM kdb.records",
        "PIVOT kdb.records ON stream",
        "SELECT 1 FROM kdb.records; SELECT 2 FROM kdb.records"
      })
  void thisSqlIsRefusedAtOnce(String sql) {
    assertFails(
        Status.Code.UNKNOWN, OPAQUE, () -> client.raw().getFlightInfo(descriptor(query(sql))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM kdb.records a JOIN kdb.records b ON a.stream = b.stream",
        "SELECT * FROM kdb.records a, kdb.records b",
        "SELECT * FROM (SELECT stream FROM kdb.records) a JOIN kdb.records b USING (stream)",
        "SELECT records.stream FROM kdb.records",
        "SELECT nonsense FROM kdb.records",
        "SELECT stream::BIGINT FROM kdb.records",
        "SELECT * FROM usr.missing",
        "SELECT * FROM (FROM kdb.records) a, read_csv('/etc/passwd')",
        "SELECT getenv('HOME') FROM kdb.records"
      })
  void thisSqlIsRefusedWhenItRuns(String sql) {
    var info = client.raw().getFlightInfo(descriptor(query(sql)));
    assertOpaque(() -> TestClient.rows(client.stream(info)));
  }

  static Stream<Named<Function<BufferAllocator, FieldVector>>> acceptedTypes() {
    return Stream.of(
        vector("Int8", allocator -> set(new TinyIntVector("p", allocator), v -> v.setSafe(0, 7))),
        vector("UInt8", allocator -> set(new UInt1Vector("p", allocator), v -> v.setSafe(0, 7))),
        vector("Int32", allocator -> set(new IntVector("p", allocator), v -> v.setSafe(0, 7))),
        vector("UInt32", allocator -> set(new UInt4Vector("p", allocator), v -> v.setSafe(0, 7))),
        vector("Int64", allocator -> set(new BigIntVector("p", allocator), v -> v.setSafe(0, 7))),
        vector("UInt64", allocator -> set(new UInt8Vector("p", allocator), v -> v.setSafe(0, 7))),
        vector("Boolean", allocator -> set(new BitVector("p", allocator), v -> v.setSafe(0, 1))),
        vector(
            "Utf8",
            allocator -> set(new VarCharVector("p", allocator), v -> v.setSafe(0, bytes("7")))),
        vector(
            "Utf8View",
            allocator -> set(new ViewVarCharVector("p", allocator), v -> v.setSafe(0, bytes("7")))),
        vector(
            "LargeUtf8",
            allocator ->
                set(new LargeVarCharVector("p", allocator), v -> v.setSafe(0, bytes("7")))),
        vector(
            "Binary",
            allocator -> set(new VarBinaryVector("p", allocator), v -> v.setSafe(0, bytes("7")))),
        vector(
            "LargeBinary",
            allocator ->
                set(new LargeVarBinaryVector("p", allocator), v -> v.setSafe(0, bytes("7")))),
        vector("Null", allocator -> new NullVector("p")));
  }

  @ParameterizedTest
  @MethodSource("acceptedTypes")
  void aParameterOfThisTypeIsAccepted(Function<BufferAllocator, FieldVector> parameter)
      throws Exception {
    try (var statement =
        client
            .sql()
            .prepare(
                "SELECT coalesce(?::VARCHAR, 'null') IN ('7', 'true', 'null')"
                    + " FROM kdb.records LIMIT 1")) {
      bind(statement, parameter);
      assertThat(rows(statement)).containsExactly(row(true));
    }
  }

  static Stream<Named<Function<BufferAllocator, FieldVector>>> refusedTypes() {
    return Stream.of(
        vector("Int16", allocator -> set(new SmallIntVector("p", allocator), v -> v.setSafe(0, 7))),
        vector("UInt16", allocator -> set(new UInt2Vector("p", allocator), v -> v.setSafe(0, 7))),
        vector("Float", allocator -> set(new Float4Vector("p", allocator), v -> v.setSafe(0, 7))),
        vector("Double", allocator -> set(new Float8Vector("p", allocator), v -> v.setSafe(0, 7))),
        vector("Date", allocator -> set(new DateDayVector("p", allocator), v -> v.setSafe(0, 7))),
        vector(
            "Timestamp",
            allocator -> set(new TimeStampMicroVector("p", allocator), v -> v.setSafe(0, 7))),
        vector(
            "Decimal",
            allocator -> set(new DecimalVector("p", allocator, 9, 0), v -> v.setSafe(0, 7))));
  }

  @ParameterizedTest
  @MethodSource("refusedTypes")
  void aParameterOfThisTypeIsRefused(Function<BufferAllocator, FieldVector> parameter) {
    try (var statement =
        client.sql().prepare("SELECT stream FROM kdb.records WHERE log_position = ?")) {
      var failure =
          catchThrowableOfType(
              FlightRuntimeException.class,
              () -> {
                bind(statement, parameter);
                rows(statement);
              });
      assertThat(failure.status().code()).isEqualTo(FlightStatusCode.UNIMPLEMENTED);
      assertThat(failure).hasMessageMatching("Array type \\w+ is not supported");
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      textBlock =
          """
          none,                        PERMISSION_DENIED, Access Denied
          Bearer not-base64,           PERMISSION_DENIED, Access Denied
          Digest YWRtaW46Y2hhbmdlaXQ=, PERMISSION_DENIED, Access Denied
          basic YWRtaW46Y2hhbmdlaXQ=,  PERMISSION_DENIED, Access Denied
          Basic b3BzOmNoYW5nZWl0,      PERMISSION_DENIED, Access Denied
          Basic ZXZlOnBhc3M6d29yZA==,  PERMISSION_DENIED, Access Denied
          Basic YWRtaW46d3Jvbmc=,      UNAUTHENTICATED,   Unauthenticated
          Bearer YWRtaW46d3Jvbmc=,     UNAUTHENTICATED,   Unauthenticated
          Basic bm9ib2R5OmNoYW5nZWl0,  UNAUTHENTICATED,   Unauthenticated
          """)
  void theseCredentialsAreRefused(String header, Status.Code code, String text) throws Exception {
    try (var other = TestClient.withHeader(node, header)) {
      var failure =
          assertFails(
              code,
              text,
              () -> other.raw().getFlightInfo(descriptor(query("SELECT 1 FROM kdb.records"))));
      if (code == Status.Code.PERMISSION_DENIED) {
        assertThat(failure.getTrailers().get(ascii("exception"))).isEqualTo("access-denied");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic YWRtaW46Y2hhbmdlaXQ=", "Bearer YWRtaW46Y2hhbmdlaXQ="})
  void theseCredentialsAreAccepted(String header) throws Exception {
    try (var other = TestClient.withHeader(node, header)) {
      assertThat(other.value("SELECT count(*) FROM kdb.records")).isEqualTo(node.recordCount());
    }
  }

  private static Named<Function<BufferAllocator, FieldVector>> vector(
      String name, Function<BufferAllocator, FieldVector> vector) {
    return Named.of(name, vector);
  }

  private static <V extends FieldVector> V set(V vector, java.util.function.Consumer<V> value) {
    value.accept(vector);
    vector.setValueCount(1);
    return vector;
  }

  private static Function<BufferAllocator, FieldVector> longs(long... values) {
    return allocator -> {
      var vector = new BigIntVector("p", allocator);
      for (var i = 0; i < values.length; i++) {
        vector.setSafe(i, values[i]);
      }
      vector.setValueCount(values.length);
      return vector;
    };
  }

  private static Function<BufferAllocator, FieldVector> text(String value) {
    return allocator -> set(new VarCharVector("p", allocator), v -> v.setSafe(0, bytes(value)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void bind(
      PreparedStatement statement, Function<BufferAllocator, FieldVector> parameter) {
    var vector = parameter.apply(client.allocator());
    var rows = Math.max(1, vector.getValueCount());
    vector.setValueCount(rows);
    // The statement closes the vectors that it was given.
    statement.setParameters(
        new VectorSchemaRoot(List.of(vector.getField()), List.of(vector), rows));
  }

  private static List<List<Object>> rows(PreparedStatement statement) throws Exception {
    var ticket = statement.execute().getEndpoints().get(0).getTicket();
    return TestClient.rows(client.sql().getStream(ticket));
  }

  private static List<Object> row(Object... values) {
    return java.util.Arrays.asList(values);
  }

  private static LogRecord record(long position, String stream, String type, String data) {
    return LogRecord.json(position, 0, Records.FIRST_CREATED, stream, type, ID, data);
  }

  private static Object cell(String expression, long position) throws Exception {
    return client.value(
        "SELECT %s FROM kdb.records WHERE log_position = %d".formatted(expression, position));
  }

  private static String type(String expression) throws Exception {
    return client
        .schema("SELECT %s FROM kdb.records WHERE log_position = 100".formatted(expression))
        .getFields()
        .get(0)
        .getType()
        .toString();
  }

  private static Schema schema(ByteString message) throws Exception {
    var bytes = new ByteArrayInputStream(message.toByteArray());
    return MessageSerializer.deserializeSchema(new ReadChannel(Channels.newChannel(bytes)));
  }

  private static ByteString createStatement(TestClient owner) throws Exception {
    var request =
        FlightSql.ActionCreatePreparedStatementRequest.newBuilder()
            .setQuery("SELECT stream FROM kdb.records")
            .build();
    var action =
        Flight.Action.newBuilder()
            .setType("CreatePreparedStatement")
            .setBody(Any.pack(request).toByteString())
            .build();
    return Any.parseFrom(owner.raw().doAction(action).next().getBody())
        .unpack(FlightSql.ActionCreatePreparedStatementResult.class)
        .getPreparedStatementHandle();
  }

  private static FlightSql.CommandPreparedStatementQuery preparedQuery(ByteString handle) {
    return FlightSql.CommandPreparedStatementQuery.newBuilder()
        .setPreparedStatementHandle(handle)
        .build();
  }

  private static List<Flight.Result> act(String type, Message request) {
    var action =
        Flight.Action.newBuilder().setType(type).setBody(Any.pack(request).toByteString()).build();
    return drain(client.raw().doAction(action));
  }

  private static List<Flight.FlightData> get(Message ticket) {
    return drain(
        client
            .raw()
            .doGet(Flight.Ticket.newBuilder().setTicket(Any.pack(ticket).toByteString()).build()));
  }

  private static <T> List<T> drain(java.util.Iterator<T> answers) {
    var all = new ArrayList<T>();
    answers.forEachRemaining(all::add);
    return all;
  }

  private static io.grpc.Metadata.Key<String> ascii(String name) {
    return io.grpc.Metadata.Key.of(name, io.grpc.Metadata.ASCII_STRING_MARSHALLER);
  }

  private static StatusRuntimeException assertFails(Status.Code code, String text, Proof call) {
    var failure = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(failure.getStatus().getCode()).isEqualTo(code);
    assertThat(failure.getStatus().getDescription()).isEqualTo(text);
    return failure;
  }

  private static void assertOpaque(Proof call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            FlightRuntimeException.class,
            failure -> assertThat(failure.status().code()).isEqualTo(FlightStatusCode.UNKNOWN))
        .hasMessage(OPAQUE);
  }
}
