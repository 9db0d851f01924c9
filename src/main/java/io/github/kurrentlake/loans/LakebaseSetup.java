package io.github.kurrentlake.loans;

import io.github.kurrentlake.job.JobMain;
import io.github.kurrentlake.lakebase.SetupJob;
import io.github.kurrentlake.lakebase.schema.PgColumn;
import io.github.kurrentlake.lakebase.schema.PgDefault;
import io.github.kurrentlake.lakebase.schema.PgIndex;
import io.github.kurrentlake.lakebase.schema.PgTable;
import io.github.kurrentlake.lakebase.schema.PgType;

/** The task {@code lakebase_setup}: the tables of the application in which loans are reviewed. */
public final class LakebaseSetup extends SetupJob {
  /** One row is one review of a loan by one person; it changes as the review goes on. */
  static final PgTable LOAN_REVIEW =
      PgTable.named("app.loan_review")
          .comment("One row per review of a loan, its state now")
          .columns(
              PgColumn.identity("review_id").comment("Number of the review"),
              PgColumn.required("stream", PgType.TEXT).comment("Stream of the loan in KurrentDB"),
              PgColumn.required("reviewer", PgType.TEXT).comment("Who reviews"),
              PgColumn.required("status", PgType.varchar(20))
                  .otherwise(new PgDefault.Text("open"))
                  .comment("open, approved or denied"),
              PgColumn.optional("offered_amount", PgType.numeric(14, 2))
                  .comment("Amount that is offered, in the loan's currency"),
              PgColumn.optional("notes", PgType.JSONB).comment("What the reviewer noted"),
              PgColumn.required("updated_at", PgType.TIMESTAMPTZ)
                  .otherwise(PgDefault.Expression.CLOCK)
                  .comment("When the row was last changed"))
          .primaryKey("review_id")
          .indexes(
              PgIndex.on("loan_review_stream", "stream"),
              PgIndex.on("loan_review_updated", "updated_at", "review_id"));

  public LakebaseSetup() {
    super(LOAN_REVIEW);
  }

  /** The declared tables; for notebooks. */
  public static PgTable[] tables() {
    return new PgTable[] {LOAN_REVIEW};
  }

  public static void main(String[] arguments) {
    JobMain.run(new LakebaseSetup(), arguments);
  }
}
