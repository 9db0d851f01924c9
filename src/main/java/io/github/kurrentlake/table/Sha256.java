package io.github.kurrentlake.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The one place where texts are hashed so that no two are alike. */
public final class Sha256 {
  private Sha256() {}

  /** SHA-256 of a text in UTF-8, hexadecimal, as Spark's {@code sha2(text, 256)} gives it. */
  public static String hex(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
