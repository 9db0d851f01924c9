package io.github.kurrentlake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command line that cannot be carried out says; none of these starts Spark's work. */
class KurrentlakeTest {
  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "run",
        "kurrentdb",
        "query",
        "as-of",
        "diff",
        "reconcile",
        "quarantine",
        "erase",
        "submit",
        "bench",
        "chaos"
      })
  void everyCommandHasHelp(String command) {
    var code = command.isEmpty() ? execute("--help") : execute(command, "--help");

    assertThat(code).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith(("Usage: kurrentlake " + command).strip())
        .contains("--verbose", "Exit codes: 0 done, 1 failed, 2 wrong usage.");
    assertThat(err.size()).isZero();
  }

  @Test
  void theVersionIsThatOfTheBuild() throws IOException {
    var pom = Files.readString(Path.of("pom.xml"));
    var version = pom.substring(pom.indexOf("<version>") + 9, pom.indexOf("</version>"));

    assertThat(execute("--version")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("kurrentlake %s%n", version);
  }

  @Test
  void aShellCanCompleteCommandsAndOptions() {
    assertThat(execute("generate-completion")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("complete -F _complete_kurrentlake", "lakebase-demo", "--lakehouse");
  }

  @Test
  void noCommandIsWrongUsageAndListsThem() {
    assertThat(execute()).isEqualTo(2);
    assertThat(errors()).contains("run", "kurrentdb", "query", "quarantine", "submit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"show 5", "redrive", "dismiss 5 --reason odd"})
  void anOptionOfACommandMayStandBeforeItsOwnCommands(String command) {
    var elsewhere = directory.resolve("elsewhere").toString();
    var words = List.of(command.split(" "));
    var before = new ArrayList<>(List.of("quarantine", "--lakehouse", elsewhere));
    before.addAll(words);
    var behind = new ArrayList<>(List.of("quarantine"));
    behind.addAll(words);
    behind.addAll(List.of("--lakehouse", elsewhere));
    for (var arguments : List.of(before, behind)) {
      err.reset();
      assertThat(execute(arguments.toArray(String[]::new))).isEqualTo(1);
      assertThat(errors()).contains("KL-302", elsewhere);
    }
  }

  @Test
  void anUnknownCommandIsWrongUsage() {
    assertWrongUsage("KL-101", "'rum'", "rum");
  }

  @Test
  void anUnknownOptionIsWrongUsage() {
    assertWrongUsage("KL-101", "--colour", "run", "--colour", "red");
  }

  @Test
  void anOptionOfTheWrongFormIsWrongUsage() {
    assertWrongUsage("KL-102", "--loans", "run", "--loans", "many");
    assertWrongUsage("KL-102", "--loans", "run", "--loans", "-1");
    assertWrongUsage("KL-102", "--format", "query", "--format", "xml", "SELECT 1");
  }

  @Test
  void aMissingStatementIsWrongUsage() {
    assertWrongUsage("KL-103", "SQL", "query");
  }

  @Test
  void sampleLoansExcludeOtherSources() {
    assertWrongUsage("KL-105", "--loans, --events", "run", "--loans", "1", "--events", "x");
    assertWrongUsage("KL-105", "--seed, --events", "kurrentdb", "--seed", "1", "--events", "x");
    assertWrongUsage(
        "KL-105", "--loans, --endpoint", "run", "--loans", "1", "--endpoint", "grpc://h:1");
    assertWrongUsage(
        "KL-105", "--events, --endpoint", "run", "--events", "x", "--endpoint", "grpc://h:1");
  }

  @Test
  void anEndpointOfTheWrongFormIsWrongUsage() {
    assertWrongUsage("KL-210", "https://host", "run", "--endpoint", "https://host");
  }

  @Test
  void anUnknownTaskIsWrongUsageAndListsTheKnown() {
    assertWrongUsage("KL-401", "gold_loan_lifecycle", "submit", "gold");
  }

  @Test
  void anotherDirectoryIsNotWrittenInto() throws IOException {
    var mine = Files.writeString(directory.resolve("mine.txt"), "precious");

    assertFails("KL-301", directory.toString(), "run", "--lakehouse", directory.toString());
    assertThat(directory.toFile().list()).containsExactly(mine.getFileName().toString());
    assertFails(
        "KL-301", directory.toString(), "query", "--lakehouse", directory.toString(), "SELECT 1");
  }

  @Test
  void aMissingLakehouseIsNotMadeByAQuery() {
    var missing = directory.resolve("missing");

    assertFails(
        "KL-302", missing.toString(), "query", "--lakehouse", missing.toString(), "SELECT 1");
    assertThat(missing).doesNotExist();
  }

  @Test
  void aMalformedEventsFileNamesTheLine() throws IOException {
    var events = Files.writeString(directory.resolve("events.jsonl"), "{\"log_position\": 1}\n");

    assertFails("KL-501", "line: 1", "kurrentdb", "--port", "0", "--events", events.toString());
  }

  @Test
  void aPortInUseIsSaid() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = Integer.toString(taken.getLocalPort());

      assertFails("KL-502", "port: " + port, "kurrentdb", "--port", port, "--loans", "0");
    }
  }

  @Test
  void aWorkflowThatIsNoneIsSaid() throws IOException {
    var workflow = Files.writeString(directory.resolve("workflow.json"), "[]");

    assertFails("KL-402", workflow.toString(), "run", "--workflow", workflow.toString());
  }

  private void assertWrongUsage(String code, String detail, String... arguments) {
    assertEnds(2, code, detail, arguments);
  }

  private void assertFails(String code, String detail, String... arguments) {
    assertEnds(1, code, detail, arguments);
  }

  private void assertEnds(int exit, String code, String detail, String... arguments) {
    err.reset();
    assertThat(execute(arguments)).isEqualTo(exit);
    assertThat(errors())
        .startsWith(code)
        .contains(detail, "\n  Cause: ", "\n  Fix: ")
        .doesNotContain("\tat ");
    assertThat(out.size()).isZero();
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private int execute(String... arguments) {
    var launcher =
        new Launcher(
            Path.of("").toAbsolutePath(),
            false,
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8));
    var code = Kurrentlake.execute(launcher, arguments);
    launcher.out().flush();
    launcher.err().flush();
    return code;
  }
}
