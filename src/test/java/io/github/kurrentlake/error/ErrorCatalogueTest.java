package io.github.kurrentlake.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.testing.MadeFromCode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCatalogueTest {
  private static final Path PAGE = Path.of("docs", "errors.md");

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void everyErrorSaysProblemCauseAndFixInSentences(ErrorCode code) {
    assertThat(code.code()).matches("KL-[1-9]\\d\\d");
    assertThat(code.problem()).matches("[A-Z].*\\.");
    assertThat(code.cause()).matches("[A-Z].*\\.");
    assertThat(code.fix()).matches("[A-Z].*\\.");
  }

  @Test
  void noCodeIsGivenTwice() {
    assertThat(ErrorCode.values()).extracting(ErrorCode::code).doesNotHaveDuplicates();
  }

  @Test
  void aMessageHoldsCodeDetailsCauseAndFix() {
    var error = ErrorCode.UNKNOWN_TASK.error().with("task", "gold").with("known", "bronze");

    assertThat(error)
        .hasMessage(
            """
            KL-401 The workflow has no task with this key.
              task: gold
              known: bronze
              Cause: The task key is misspelt, or the workflow file is another one.
              Fix: Use one of the task keys listed here.""");
  }

  /** With {@code -Dkurrentlake.docs=write} the page is written again instead. */
  @Test
  void thePageOfErrorsIsTheCatalogue() throws IOException {
    MadeFromCode.assertIs(PAGE, ErrorPage.markdown());
  }
}
