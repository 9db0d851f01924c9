package io.github.kurrentlake.error;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An error of the {@linkplain ErrorCode catalogue}. Its message is all a user needs: code, problem,
 * details, cause and fix. Details are values that may be shown; a secret never becomes one.
 */
public final class KurrentlakeException extends RuntimeException {
  private final ErrorCode code;
  private final transient Map<String, String> details = new LinkedHashMap<>();
  private String rendered;

  KurrentlakeException(ErrorCode code) {
    this.code = code;
    this.rendered = render();
  }

  public ErrorCode code() {
    return code;
  }

  /** Adds a value that varies, such as an endpoint or a line number. */
  public KurrentlakeException with(String name, Object value) {
    details.put(name, String.valueOf(value));
    rendered = render();
    return this;
  }

  /** Keeps the exception that led here, for {@code --verbose}; it is not part of the message. */
  public KurrentlakeException causedBy(Throwable cause) {
    initCause(cause);
    return this;
  }

  /** Several lines: code and problem, then details, cause and fix. Never null. */
  @Override
  public String getMessage() {
    return rendered;
  }

  private String render() {
    var values =
        details.entrySet().stream()
            .map(detail -> "\n  " + detail.getKey() + ": " + detail.getValue())
            .collect(Collectors.joining());
    return "%s %s%s\n  Cause: %s\n  Fix: %s"
        .formatted(code.code(), code.problem(), values, code.cause(), code.fix());
  }
}
