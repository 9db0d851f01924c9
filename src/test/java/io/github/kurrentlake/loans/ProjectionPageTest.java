package io.github.kurrentlake.loans;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.silver.ProjectionPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProjectionPageTest {
  private static final Path PAGE = Path.of("docs", "projections.md");

  /** With {@code -Dkurrentlake.docs=write} the page is written anew instead. */
  @Test
  void thePageOfProjectionsIsTheirDeclarations() throws IOException {
    var page = ProjectionPage.markdown(LoanProjections.ALL);
    if ("write".equals(System.getProperty("kurrentlake.docs"))) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).hasContent(page);
  }
}
