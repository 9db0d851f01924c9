package io.github.kurrentlake.loans;

import static io.github.kurrentlake.table.Column.optional;
import static io.github.kurrentlake.table.Column.required;

import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.payload.Field;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.ArrayList;
import java.util.List;

/** The loan streams and the lifecycle table made of them. */
final class LoanLifecycle {
  /** The streams {@code loanRequest-<uuid>}, one per loan. */
  static final String CATEGORY = "loanRequest";

  /** In the order in which a loan meets them, which is the order of Gold's columns. */
  static final List<Projection> PROJECTIONS =
      List.of(
          SilverLoanRequested.PROJECTION,
          SilverCreditChecked.PROJECTION,
          SilverLoanAutoDecisioned.PROJECTION,
          SilverLoanManualDecisioned.PROJECTION,
          SilverAutomatedSummary.PROJECTION);

  static final Lifecycle LIFECYCLE =
      new Lifecycle(
          CATEGORY,
          table(),
          PROJECTIONS,
          SqlTemplate.beside(LoanLifecycle.class, "loan_lifecycle.sql"));

  private LoanLifecycle() {}

  /**
   * One row is one loan; its key is {@code stream}. First the guide's 34 columns, which are all the
   * typed columns of Silver, the status and the age group; then ours.
   */
  private static TableDeclaration table() {
    var columns = new ArrayList<Column>();
    PROJECTIONS.stream()
        .flatMap(projection -> projection.fields().stream())
        .map(Field::column)
        .forEach(columns::add);
    columns.add(optional("laststatus", "STRING", "Event type of the furthest stage reached"));
    columns.add(optional("age_binned", "STRING", "Age group; null when the age is unknown"));
    columns.add(required("stream", "STRING", "Stream of the loan in KurrentDB"));
    columns.add(required("log_position", "BIGINT", "Position of the loan's last event"));
    columns.add(
        required("open_quarantine", "BIGINT", "Events of the loan that are open in quarantine"));
    columns.add(
        required("warnings", "BIGINT", "Values of the loan that did not fit and are null here"));
    return TableDeclaration.table("gold", "loan_lifecycle", "One row per loan, its state now")
        .columns(columns)
        .reliableKey("stream")
        // For a synced table in Postgres.
        .property("delta.enableChangeDataFeed", "true");
  }
}
