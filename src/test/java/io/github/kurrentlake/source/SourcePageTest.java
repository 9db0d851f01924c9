package io.github.kurrentlake.source;

import io.github.kurrentlake.testing.DocsPage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SourcePageTest {

  @Test
  void thePageListsEveryOptionWithItsDefaultAndNoOther() throws IOException {
    new DocsPage("source.md").hasBlock("options", DocsPage.options(SourceOption.ALL));
  }
}
