package io.github.kurrentlake.lakebase.schema;

import io.github.kurrentlake.error.ErrorCode;
import java.io.Serializable;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The name of something in Postgres, exactly as it is: case, quotes, blanks and all. The one place
 * where names are quoted.
 *
 * @param name 1 to 63 bytes of UTF-8 without NUL; a longer one Postgres would cut silently, so that
 *     two could become one
 */
public record Identifier(String name) implements Serializable {
  private static final int MOST_BYTES = 63;

  /**
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-610 for a name that Postgres cannot
   *     keep as it is
   */
  public Identifier {
    if (name.isEmpty()) {
      throw bad(name, "it is empty");
    }
    if (name.indexOf('\0') >= 0) {
      throw bad(name.replace("\0", "\\0"), "it holds a NUL");
    }
    if (bytes(name) > MOST_BYTES) {
      throw bad(name, "it has more than " + MOST_BYTES + " bytes");
    }
  }

  public static Identifier of(String name) {
    return new Identifier(name);
  }

  /** The name in quotes, as it stands in a statement. */
  public String sql() {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public String toString() {
    return name;
  }

  private static int bytes(String name) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name)).remaining();
    } catch (CharacterCodingException e) {
      throw bad(name, "it is not Unicode");
    }
  }

  private static RuntimeException bad(String name, String reason) {
    return ErrorCode.BAD_IDENTIFIER.error().with("name", name).with("reason", reason);
  }
}
