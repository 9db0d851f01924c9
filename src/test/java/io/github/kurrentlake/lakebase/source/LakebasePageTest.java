package io.github.kurrentlake.lakebase.source;

import io.github.kurrentlake.testing.DocsPage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LakebasePageTest {

  @Test
  void thePageListsEveryOptionWithItsDefaultAndNoOther() throws IOException {
    new DocsPage("lakebase-source.md").hasBlock("options", DocsPage.options(LakebaseOption.ALL));
  }
}
