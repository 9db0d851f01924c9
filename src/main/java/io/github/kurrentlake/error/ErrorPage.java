package io.github.kurrentlake.error;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The page {@code docs/errors.md}, made of the catalogue. */
public final class ErrorPage {
  private static final String HEAD =
      """
      # Errors

      Every message begins with a code and says the problem, its usual cause and the fix. This page is
      made from the catalogue in `ErrorCode`.

      """;

  private ErrorPage() {}

  public static String markdown() {
    return Arrays.stream(ErrorCode.values())
        .map(
            code ->
                "## %s\n\n**%s**\n\n- Cause: %s\n- Fix: %s\n"
                    .formatted(code.code(), code.problem(), code.cause(), code.fix()))
        .collect(Collectors.joining("\n", HEAD, ""));
  }
}
