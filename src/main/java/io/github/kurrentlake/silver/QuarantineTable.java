package io.github.kurrentlake.silver;

import static io.github.kurrentlake.table.Column.optional;
import static io.github.kurrentlake.table.Column.required;

import io.github.kurrentlake.table.TableDeclaration;
import java.util.List;

/** The table of the events that a projection could not read. */
public final class QuarantineTable {
  /** The event waits for another declaration. */
  public static final String OPEN = "open";

  /** Another declaration could read the event: its row is in Silver. */
  public static final String RESOLVED = "resolved";

  /** Somebody decided that the event stays out of Silver. */
  public static final String DISMISSED = "dismissed";

  /**
   * One row is one event and projection; the key is {@code log_position} with {@code projection}.
   * An event that is open or dismissed here is not in the projection's Silver table, and one that
   * is resolved is. An event that comes again, as after a lost checkpoint, changes nothing; it is
   * opened again only when its row is missing in Silver, as after Silver was emptied. A crash
   * between Silver and this table leaves an event in neither, or an open row whose event is in
   * Silver; the next run writes or resolves it.
   *
   * <p>Each projection has a partition of its own, so that the tasks of a workflow, which all write
   * here at the same time, do not conflict.
   */
  public static final TableDeclaration DECLARATION =
      TableDeclaration.table(
              "ops", "quarantine", "One row per event that a projection could not read")
          .columns(
              List.of(
                  required("log_position", "BIGINT", "Position of the event in KurrentDB's log"),
                  required("projection", "STRING", "Silver table that the event is missing in"),
                  required("stream", "STRING", "Stream of the event").personal(),
                  required("schema_name", "STRING", "Event type"),
                  optional("data", "STRING", "Payload verbatim, as in Bronze").personal(),
                  required(
                          "errors",
                          PayloadParser.PROBLEMS,
                          "What the last attempt failed for, all of it")
                      .personal(),
                  required("fingerprint", "STRING", "Hash of the declaration of the last attempt"),
                  required("first_attempt", "TIMESTAMP", "When it was quarantined, UTC"),
                  required("last_attempt", "TIMESTAMP", "When it was last tried, UTC"),
                  required("state", "STRING", "open, resolved or dismissed"),
                  optional("reason", "STRING", "Why it was dismissed").personal()))
          .reliableKey("log_position", "projection")
          .partitionedBy("projection")
          .property("delta.isolationLevel", "Serializable")
          .changeFeed()
          .statisticsOf("log_position");

  private QuarantineTable() {}
}
