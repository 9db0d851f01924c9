package io.github.kurrentlake.lakebase.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.lakebase.schema.Identifier;
import io.github.kurrentlake.lakebase.schema.TableName;
import io.github.kurrentlake.testing.PostgresClient;
import io.github.kurrentlake.testing.SharedSpark;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others do to a slot or a publication: rows that cannot be read are never left out. */
class DisturbedSlotTest {
  private static final PostgresClient POSTGRES = PostgresClient.of(DisturbedSlotTest.class);
  private static int tables;

  @TempDir private Path directory;
  private String name;
  private String slot;
  private FollowedTable followed;

  @BeforeEach
  void begin() throws Exception {
    tables++;
    name = "disturbed_" + tables;
    slot = ChangeTracking.slot(TableName.parse(name)).name();
    POSTGRES.run(
        "CREATE TABLE %s (id int PRIMARY KEY, note text)".formatted(name),
        "INSERT INTO %s VALUES (1, 'first')".formatted(name));
    ChangeTracking.of(POSTGRES.database(), TableName.parse(name))
        .publish(Identifier.of("p_" + name));
    followed = new FollowedTable(directory);
    assertThat(read()).hasSize(1);
  }

  @AfterEach
  void end() {
    for (var made : List.of(slot, slot + "_other")) {
      POSTGRES.run(
          "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
              + " WHERE slot_name = '%s'".formatted(made));
    }
  }

  @Test
  void aSlotThatWasMadeAgainUnderItsNameStopsTheStream() {
    insert(2);
    makeSlotAgain();
    assertCode(this::read, ErrorCode.LAKEBASE_SLOT_MOVED);
    assertCode(this::read, ErrorCode.LAKEBASE_SLOT_MOVED);
  }

  @Test
  void aSlotThatSomebodyElseReadStopsTheStream() throws Exception {
    insert(2);
    assertThat(read()).hasSize(1);
    insert(3);
    POSTGRES.run(
        "SELECT count(*) FROM pg_logical_slot_get_binary_changes('%s', NULL, NULL,".formatted(slot)
            + " 'proto_version', '1', 'publication_names', 'p_%s')".formatted(name));
    assertCode(this::read, ErrorCode.LAKEBASE_SLOT_MOVED);
  }

  @Test
  void aSlotThatWasMovedOnStopsTheStream() {
    insert(2);
    POSTGRES.run("SELECT pg_replication_slot_advance('%s', pg_current_wal_lsn())".formatted(slot));
    assertCode(this::read, ErrorCode.LAKEBASE_SLOT_MOVED);
  }

  /** A batch that Spark had noted is read after a restart without being planned again. */
  @Test
  void aBatchThatWasPlannedIsNotReadFromASlotThatWasMadeAgain() {
    var stream = stream();
    var from = stream.deserializeOffset(followed.position());
    insert(2);
    var to = stream.latestOffset(from, ReadLimit.allAvailable());
    var planned = stream.planInputPartitions(from, to)[0];
    makeSlotAgain();
    assertCode(
        () -> stream.createReaderFactory().createReader(planned), ErrorCode.LAKEBASE_SLOT_MOVED);
  }

  /** Anyone who takes the table out while a batch is read is noticed at the batch's end. */
  @Test
  void aBatchDuringWhichThePublicationChangesFails() throws Exception {
    var stream = stream();
    var from = stream.deserializeOffset(followed.position());
    insert(2);
    var to = stream.latestOffset(from, ReadLimit.allAvailable());
    try (var reader =
        stream.createReaderFactory().createReader(stream.planInputPartitions(from, to)[0])) {
      assertThat(reader.next()).isTrue();
      outAndIn("id < 0");
      assertCode(reader::next, ErrorCode.LAKEBASE_PUBLICATION_CHANGED);
    }
  }

  @Test
  void aTableThatWasOutOfThePublicationStopsTheStream() {
    insert(2);
    outAndIn("id = 2");
    assertCode(this::read, ErrorCode.LAKEBASE_PUBLICATION_CHANGED);
  }

  @Test
  void aPublicationThatForAWhileDidNotTellOfUpdatesStopsTheStream() {
    var publish = "ALTER PUBLICATION p_%s SET (publish = '%s')";
    POSTGRES.run(publish.formatted(name, "insert, delete, truncate"));
    assertCode(this::read, ErrorCode.LAKEBASE_NOT_PREPARED);
    POSTGRES.run(
        "UPDATE %s SET note = 'not told'".formatted(name),
        publish.formatted(name, "insert, update, delete, truncate"));
    assertCode(this::read, ErrorCode.LAKEBASE_PUBLICATION_CHANGED);
  }

  @Test
  void aPublicationWithARowFilterOrAListOfColumnsIsRefused() {
    var set = "ALTER PUBLICATION p_%1$s SET TABLE %1$s ";
    POSTGRES.run(set.formatted(name) + "WHERE (id < 100)");
    assertCode(this::read, ErrorCode.LAKEBASE_NOT_PREPARED);
    POSTGRES.run(
        "ALTER TABLE %s REPLICA IDENTITY DEFAULT".formatted(name),
        set.formatted(name) + "(id)",
        "ALTER TABLE %s REPLICA IDENTITY FULL".formatted(name));
    assertCode(this::read, ErrorCode.LAKEBASE_NOT_PREPARED);
  }

  @Test
  void aPublicationOfAllTablesOrOfASchemaTellsWhenItWasMadeAgain() throws Exception {
    for (var what : List.of("ALL TABLES", "TABLES IN SCHEMA public")) {
      POSTGRES.run(
          "DROP PUBLICATION p_%s".formatted(name),
          "CREATE PUBLICATION p_%s FOR %s".formatted(name, what));
      assertCode(this::read, ErrorCode.LAKEBASE_PUBLICATION_CHANGED);
      end();
      followed = new FollowedTable(directory.resolve(what.replace(' ', '_')));
      read();
      insert(10 + what.length());
      assertThat(read()).hasSize(1);
    }
    POSTGRES.run(
        "ALTER PUBLICATION p_%s DROP TABLES IN SCHEMA public".formatted(name),
        "INSERT INTO %s VALUES (3, 'not told')".formatted(name),
        "ALTER PUBLICATION p_%s ADD TABLES IN SCHEMA public".formatted(name));
    assertCode(this::read, ErrorCode.LAKEBASE_PUBLICATION_CHANGED);
  }

  @Test
  void whatTheLogLacksSinceTheIdentityWasAnotherStopsTheStream() throws Exception {
    var identity = "ALTER TABLE " + name + " REPLICA IDENTITY ";
    POSTGRES.run(
        "ALTER TABLE %s ADD COLUMN more int".formatted(name),
        "UPDATE %s SET note = (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 500) n)"
            .formatted(name));
    for (var update : List.of("more = 1", "id = 2")) {
      POSTGRES.run(
          identity + "DEFAULT", "UPDATE %s SET %s".formatted(name, update), identity + "FULL");
      assertCode(this::read, ErrorCode.LAKEBASE_VALUE_NOT_LOGGED);
      assertCode(this::read, ErrorCode.LAKEBASE_VALUE_NOT_LOGGED);
      // Again, as a resync does.
      end();
      followed = new FollowedTable(directory.resolve(update.replace(' ', '_')));
      assertThat(read()).hasSize(1);
    }
  }

  @Test
  void aChangeThatTheLogTellsByAnotherKeyStopsTheStream() {
    POSTGRES.run(
        "ALTER TABLE %s ADD COLUMN other int NOT NULL DEFAULT 7 UNIQUE".formatted(name),
        "ALTER TABLE %1$s REPLICA IDENTITY USING INDEX %1$s_other_key".formatted(name),
        "DELETE FROM %s".formatted(name),
        "ALTER TABLE %s REPLICA IDENTITY FULL".formatted(name));
    assertCode(this::read, ErrorCode.LAKEBASE_VALUE_NOT_LOGGED);
  }

  @Test
  void generatedColumnsAreLeftOutOfFirstLoadAndChangesAlike() throws Exception {
    POSTGRES.run(
        "ALTER TABLE %s ADD COLUMN shout text GENERATED ALWAYS AS (upper(note)) STORED"
            .formatted(name));
    end();
    followed = new FollowedTable(directory.resolve("generated"));
    assertThat(request(POSTGRES.options(name)).schema().fieldNames())
        .contains("note")
        .doesNotContain("shout");
    assertThat(read()).hasSize(1);
    insert(2);
    assertThat(read()).extracting(FollowedTable.Change::note).containsExactly("more");
    var byXmin =
        SharedSpark.session().read().format("lakebase").options(POSTGRES.options(name)).load();
    assertThat(byXmin.select("shout").as(Encoders.STRING()).collectAsList())
        .containsExactlyInAnyOrder("FIRST", "MORE");

    var byGenerated = new HashMap<>(POSTGRES.options(name));
    byGenerated.put("keyColumns", "shout");
    assertCode(() -> request(byGenerated), ErrorCode.LAKEBASE_NOT_PREPARED);
  }

  @Test
  void anotherTableOfThatNameStopsTheStream() {
    POSTGRES.run(
        "ALTER TABLE %1$s RENAME TO %1$s_old".formatted(name),
        "CREATE TABLE %s (id int PRIMARY KEY, note text)".formatted(name));
    ChangeTracking.of(POSTGRES.database(), TableName.parse(name))
        .publish(Identifier.of("p_" + name));
    assertCode(this::read, ErrorCode.LAKEBASE_PUBLICATION_CHANGED);
  }

  @Test
  void whatDoesNotConcernTheTableIsNoDisturbance() throws Exception {
    insert(2);
    POSTGRES.run(
        "CREATE TABLE %s_beside (id int PRIMARY KEY)".formatted(name),
        "ALTER PUBLICATION p_%1$s ADD TABLE %1$s_beside".formatted(name),
        "INSERT INTO %s_beside VALUES (1)".formatted(name),
        "SELECT pg_create_logical_replication_slot('%s_other', 'pgoutput')".formatted(slot),
        "VACUUM FULL pg_publication, pg_publication_rel");
    assertThat(read()).hasSize(1);
    assertThat(read()).isEmpty();
    POSTGRES.run(
        "ALTER PUBLICATION p_%1$s DROP TABLE %1$s_beside".formatted(name),
        "UPDATE %s SET note = 'told'".formatted(name));
    assertThat(read()).hasSize(2);
  }

  /** The log has the old name: it is the table that counts. */
  @Test
  void aTableThatWasRenamedIsReadOn() throws Exception {
    insert(2);
    var option = new HashMap<>(POSTGRES.options(name + "_new"));
    option.put("slot", slot);
    POSTGRES.run("ALTER TABLE %1$s RENAME TO %1$s_new".formatted(name));
    assertThat(followed.read(request(option))).hasSize(1);
  }

  private void insert(int id) {
    POSTGRES.run("INSERT INTO %s VALUES (%d, 'more')".formatted(name, id));
  }

  private void makeSlotAgain() {
    POSTGRES.run(
        "SELECT pg_drop_replication_slot('%s')".formatted(slot),
        "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(slot));
  }

  private void outAndIn(String condition) {
    POSTGRES.run(
        "ALTER PUBLICATION p_%1$s DROP TABLE %1$s".formatted(name),
        "UPDATE %s SET note = 'not told' WHERE %s".formatted(name, condition),
        "ALTER PUBLICATION p_%1$s ADD TABLE %1$s".formatted(name));
  }

  private List<FollowedTable.Change> read() throws Exception {
    return followed.read(request(POSTGRES.options(name)));
  }

  private TableStream stream() {
    var request = request(POSTGRES.options(name));
    return new TableStream(request, request.schema(), directory.toString());
  }

  private ReadRequest request(Map<String, String> table) {
    var options = new HashMap<>(table);
    options.put("mode", "slot");
    options.put("publication", "p_" + name);
    return ReadRequest.of(new CaseInsensitiveStringMap(options));
  }

  private static void assertCode(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call).hasMessageStartingWith(code.code());
  }
}
