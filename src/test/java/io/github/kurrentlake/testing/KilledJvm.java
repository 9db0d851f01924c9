package io.github.kurrentlake.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A main class in a JVM of its own that goes on until it is killed, as a machine that goes away
 * would end it.
 *
 * @param log takes what it says on stderr
 */
public record KilledJvm(
    Class<?> main, List<String> arguments, Map<String, String> environment, Path log) {

  /** How often a test kills one, and where its chance begins; both can be set for a long run. */
  public static int kills() {
    return Integer.getInteger("kurrentlake.kills", 2);
  }

  public static Random chance() {
    return new Random(Long.getLong("kurrentlake.seed", System.nanoTime()));
  }

  public static KilledJvm of(Class<?> main, Path log, String... arguments) {
    return new KilledJvm(main, List.of(arguments), Map.of(), log);
  }

  public KilledJvm with(String variable, String value) {
    return new KilledJvm(main, arguments, Map.of(variable, value), log);
  }

  /** Starts it, waits until it prints this line, and kills it so many milliseconds later. */
  public void killAfter(String line, int millis) throws IOException, InterruptedException {
    var process = start();
    try (var lines = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
      // Spark's warnings come the same way.
      assertThat(lines.lines().anyMatch(line::equals)).as(this::said).isTrue();
      assertThat(process.waitFor(millis, TimeUnit.MILLISECONDS)).as(this::said).isFalse();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private Process start() throws IOException {
    var builder =
        JavaCommand.of(main, List.of("-XX:TieredStopAtLevel=1", "-Xmx1g"), arguments)
            .directory(log.toAbsolutePath().getParent().toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
