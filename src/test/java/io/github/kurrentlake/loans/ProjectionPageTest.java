package io.github.kurrentlake.loans;

import io.github.kurrentlake.silver.ProjectionPage;
import io.github.kurrentlake.testing.MadeFromCode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProjectionPageTest {
  private static final Path PAGE = Path.of("docs", "projections.md");

  /** With {@code -Dkurrentlake.docs=write} the page is written again instead. */
  @Test
  void thePageOfProjectionsIsTheirDeclarations() throws IOException {
    MadeFromCode.assertIs(PAGE, ProjectionPage.markdown(Loans.projections()));
  }
}
