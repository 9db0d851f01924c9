package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launcher says of a Java before anything is built, told by a java that only says it. */
class LauncherTest {
  @TempDir Path javaHome;

  private record Ended(int code, String err) {}

  @ParameterizedTest
  @CsvSource({
    "1.8.0_452, Java 8 is too old.",
    "16.0.2, Java 16 is too old.",
    "23.0.2, Java 23 is too new.",
    "25, Java 25 is too new."
  })
  void aJavaThatSparkRefusesIsRefusedFirst(String version, String message) throws Exception {
    var ended = launchedWith(version);
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).startsWith(message).contains("Cause:", "Fix: Install a JDK 17 or 21");
  }

  /** The next thing it asks for is a compiler, which is not there. */
  @ParameterizedTest
  @ValueSource(strings = {"17.0.15", "21.0.8", "22.0.2"})
  void aJavaThatSparkTakesIsTaken(String version) throws Exception {
    assertThat(launchedWith(version).err()).contains("Cause:").doesNotContain("too old", "too new");
  }

  @Test
  void aJavaWithoutAVersionIsRefused() throws Exception {
    assertThat(launchedWith("none").err()).startsWith("Java cannot be started.");
  }

  private Ended launchedWith(String version) throws IOException, InterruptedException {
    // A copy builds nothing in this repository.
    var launcher = Files.createDirectories(javaHome.resolve("jobs")).resolve("kurrentlake");
    Files.copy(Path.of("jobs", "kurrentlake"), launcher);
    var java = Files.createDirectories(javaHome.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"%s\"' >&2\n".formatted(version));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    var builder = new ProcessBuilder("sh", launcher.toString(), "run");
    builder.environment().put("JAVA_HOME", javaHome.toString());
    var err = javaHome.resolve("err");
    var process =
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(err.toFile()).start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), Files.readString(err, StandardCharsets.UTF_8));
  }
}
