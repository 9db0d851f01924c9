package io.github.kurrentlake.loans;

import io.github.kurrentlake.silver.ProjectionPage;
import io.github.kurrentlake.testing.DocsPage;
import org.junit.jupiter.api.Test;

class ProjectionPageTest {
  @Test
  void thePageOfProjectionsIsTheirDeclarations() {
    new DocsPage("projections.md").is(ProjectionPage.markdown(LoanProjections.ALL));
  }
}
