package io.github.kurrentlake.bronze;

import static io.github.kurrentlake.table.Column.generated;
import static io.github.kurrentlake.table.Column.optional;
import static io.github.kurrentlake.table.Column.required;

import io.github.kurrentlake.table.TableDeclaration;
import java.util.List;

/** The tables of this layer. */
public final class BronzeTables {

  /**
   * One row is one event of the log; its key is {@code log_position}. A repeated read inserts
   * nothing, since rows are only inserted where their position is new; an event that KurrentDB
   * later empties (scavenge, redaction) keeps the payload stored here. One that came without a
   * payload gets it when it is read again and KurrentDB has it then; nothing else is ever updated.
   *
   * <p>The table has no partitions: positions ascend with time, so the minimum and maximum that
   * Delta keeps per file already find a date or a position, and a backfill of years does not end in
   * thousands of small directories.
   */
  public static final TableDeclaration EVENTS =
      TableDeclaration.table(
              "bronze", "events", "One row per KurrentDB event, as it stands in the log")
          .columns(
              List.of(
                  required("log_position", "BIGINT", "Byte offset of the event in KurrentDB's log"),
                  required("stream", "STRING", "Name of the stream the event was appended to")
                      .personal(),
                  required("category", "STRING", "Part of the stream name before the first '-'"),
                  required("schema_name", "STRING", "Event type"),
                  required("created_at", "TIMESTAMP", "When KurrentDB wrote the event, UTC"),
                  optional(
                          "data",
                          "STRING",
                          "Payload verbatim; a binary one as a base64 JSON string")
                      .personal(),
                  required("ingested_at", "TIMESTAMP", "When this row was written, UTC"),
                  generated(
                      "event_date",
                      "DATE",
                      "CAST(created_at AS DATE)",
                      "Date of created_at in UTC"),
                  optional("stream_revision", "BIGINT", "Event number in its stream, from 0"),
                  optional(
                      "record_id", "STRING", "Event id as a UUID; null for events before 26.1"),
                  optional("metadata", "STRING", "Event metadata, JSON").personal(),
                  optional("schema_id", "STRING", "Schema id the producer set; usually null"),
                  optional("schema_format", "STRING", "Json, Bytes, ... as KurrentDB says it"),
                  optional(
                      "commit_position",
                      "BIGINT",
                      "Null but for events of legacy explicit transactions")))
          .reliableKey("log_position")
          .clusteredBy("log_position")
          .changeFeed()
          // Only what ascends with the log tells files apart; minima and maxima of the other
          // columns
          // would be computed for nothing, and keep persons' data in Delta's log.
          .statisticsOf("log_position", "created_at", "event_date");

  /**
   * One row is one pipeline; its key is {@code pipeline_name}. The position is written after the
   * events up to it are committed, and never lowered by a run.
   */
  public static final TableDeclaration INGEST_HWM =
      TableDeclaration.table(
              "ops", "ingest_hwm", "One row per pipeline: how far the log has been read")
          .columns(
              List.of(
                  required("pipeline_name", "STRING", "The pipeline"),
                  required("last_position", "BIGINT", "Every event up to here is in Bronze"),
                  required("updated_at", "TIMESTAMP", "When the position was last raised, UTC")))
          .reliableKey("pipeline_name");

  private BronzeTables() {}
}
