package io.github.kurrentlake.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.utils.JsonNodes;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.util.Map;
import java.util.TreeMap;

/** All that is wrong about a declaration, by the lines where it stands. */
final class Faults {
  private final String file;
  private final Map<Integer, String> byLine = new TreeMap<>();

  Faults(String file) {
    this.file = file;
  }

  /** Notes what is wrong about a part of the declaration. */
  void add(JsonNode where, String what) {
    var location = JsonNodes.tokenStreamLocationOf(where);
    add(location == null ? 1 : location.getLineNr(), what);
  }

  void add(int line, String what) {
    byLine.merge(line, what, (before, more) -> before + "; " + more);
  }

  boolean isEmpty() {
    return byLine.isEmpty();
  }

  /** Fails with all of them, if there is any. */
  void check() {
    if (!isEmpty()) {
      throw error();
    }
  }

  private KurrentlakeException error() {
    var error = ErrorCode.BAD_PIPELINE.error().with("file", file);
    byLine.forEach((line, what) -> error.with("line " + line, what));
    return error;
  }
}
