package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Certificates as users name them. */
final class Pem {
  private Pem() {}

  /**
   * The PEM text that is in a file, or that was given itself.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-104 when the file cannot be read
   */
  static String text(String pathOrText) {
    if (pathOrText.startsWith("-----BEGIN")) {
      return pathOrText;
    }
    try {
      return Files.readString(Path.of(pathOrText), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw ErrorCode.UNREADABLE_FILE.error().with("file", pathOrText).causedBy(e);
    }
  }
}
