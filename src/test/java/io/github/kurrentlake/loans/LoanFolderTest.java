package io.github.kurrentlake.loans;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.pipeline.PipelineFolder;
import org.junit.jupiter.api.Test;

/** The loans as a folder are the loans as they were declared in Java. */
class LoanFolderTest {
  @Test
  void theFolderDeclaresTheSameLoans() {
    var folder = PipelineFolder.beside(LoanLifecycle.class);
    assertThat(folder.lifecycle()).isEqualTo(LoanLifecycle.LIFECYCLE);
    assertThat(folder.name()).isEqualTo(BronzeIngest.PIPELINE);
  }
}
