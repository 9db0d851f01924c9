package io.github.kurrentlake.loans;

import static io.github.kurrentlake.table.Column.optional;
import static io.github.kurrentlake.table.Column.required;

import io.github.kurrentlake.gold.GoldTable;
import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.gold.Lives;
import io.github.kurrentlake.payload.Field;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The loan streams and the lifecycle table made of them. */
final class LoanLifecycle {
  /** The streams {@code loanRequest-<uuid>}, one per loan. */
  static final String CATEGORY = "loanRequest";

  /** So that a refresh marks the rows it replaces instead of writing whole files again. */
  private static final String DELETION_VECTORS = "delta.enableDeletionVectors";

  private static final Set<String> REQUESTED = Set.of("LoanRequested");
  private static final Set<String> DECIDED =
      Set.of(
          "LoanAutomaticallyApproved",
          "LoanAutomaticallyDenied",
          "LoanManuallyApproved",
          "LoanManuallyDenied");

  /** What an event type means for a loan, in Gold and in its history. */
  private static final SqlTemplate STATUS = template("loan_status.sql");

  static final TableDeclaration HISTORY = history();

  static final Lifecycle LIFECYCLE =
      new Lifecycle(
              CATEGORY,
              table(),
              LoanProjections.ALL,
              template("loan_lifecycle.sql").with("loan_status", STATUS))
          .lives(new Lives(REQUESTED, DECIDED))
          .and(
              new GoldTable(
                  HISTORY,
                  template("loan_status_history.sql").with("loan_status", STATUS),
                  "log_position"));

  private LoanLifecycle() {}

  /**
   * One row is one loan; its key is {@code stream}. First the guide's 34 columns, which are all the
   * typed columns of Silver, the status and the age group; then ours.
   */
  private static TableDeclaration table() {
    var columns = new ArrayList<Column>();
    LoanProjections.ALL.stream()
        .flatMap(projection -> projection.fields().stream())
        .map(Field::column)
        .forEach(columns::add);
    columns.add(optional("laststatus", "STRING", "Event type of the furthest stage reached"));
    columns.add(
        optional("age_binned", "STRING", "Age group; null when the age is unknown").personal());
    columns.add(required("stream", "STRING", "Stream of the loan in KurrentDB").personal());
    columns.add(required("log_position", "BIGINT", "Position of the loan's last event"));
    columns.add(
        required("open_quarantine", "BIGINT", "Events of the loan that are open in quarantine"));
    columns.add(
        required("warnings", "BIGINT", "Values of the loan that did not fit and are null here"));
    columns.add(required("incarnation", "BIGINT", "Which life of the stream this is, from 1"));
    columns.add(
        required("first_log_position", "BIGINT", "Position of the first event of the stream"));
    return TableDeclaration.table("gold", "loan_lifecycle", "One row per loan, its state now")
        .columns(columns)
        .reliableKey("stream")
        .statisticsOf("log_position", "first_log_position")
        .changeFeed()
        .property(DELETION_VECTORS, "true");
  }

  /** One row is one period of a loan's life in which its status was the same. */
  private static TableDeclaration history() {
    return TableDeclaration.table(
            "gold", "loan_status_history", "One row per loan and period of one status")
        .columns(
            List.of(
                required("stream", "STRING", "Stream of the loan in KurrentDB").personal(),
                required("incarnation", "BIGINT", "Which life of the stream, from 1"),
                required("status", "STRING", "As laststatus of gold.loan_lifecycle was then"),
                required("event_type", "STRING", "Event type that began the period"),
                required("log_position", "BIGINT", "Position of the event that began it"),
                optional("stream_revision", "BIGINT", "Number of that event in its stream"),
                optional("occurred_at", "TIMESTAMP", "When it happened, as the event says; UTC"),
                optional("valid_from", "TIMESTAMP", "When KurrentDB recorded it, UTC"),
                optional("valid_to", "TIMESTAMP", "When the next one was recorded; null for none"),
                required("is_current", "BOOLEAN", "Whether the loan has this status now"),
                optional("seconds", "DOUBLE", "From valid_from to valid_to; null for none")))
        .reliableKey("stream", "log_position")
        .statisticsOf("log_position", "valid_from")
        .changeFeed()
        .property(DELETION_VECTORS, "true");
  }

  private static SqlTemplate template(String resource) {
    return SqlTemplate.beside(LoanLifecycle.class, resource);
  }
}
