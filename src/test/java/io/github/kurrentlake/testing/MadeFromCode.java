package io.github.kurrentlake.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of the repository that is made from what the code declares. */
public final class MadeFromCode {
  private MadeFromCode() {}

  /** Fails unless the file holds it; with {@code -Dkurrentlake.docs=write} it is written again. */
  public static void assertIs(Path file, String content) throws IOException {
    if ("write".equals(System.getProperty("kurrentlake.docs"))) {
      Files.writeString(file, content);
    }
    assertThat(file).hasContent(content);
  }
}
