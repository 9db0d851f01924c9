package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.SessionFiles;
import java.io.IOException;

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
      return SessionFiles.text(pathOrText)
          .orElseThrow(() -> ErrorCode.UNREADABLE_FILE.error().with("file", pathOrText));
    } catch (IOException e) {
      throw ErrorCode.UNREADABLE_FILE.error().with("file", pathOrText).causedBy(e);
    }
  }
}
