package io.github.kurrentlake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.job.JobReport;
import io.github.kurrentlake.workflow.Outcome;
import io.github.kurrentlake.workflow.WorkflowTask;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressBoardTest {
  private static final WorkflowTask BRONZE =
      new WorkflowTask("bronze", List.of(), "a.Bronze", List.of());
  private static final WorkflowTask GOLD =
      new WorkflowTask("gold", List.of("bronze"), "a.Gold", List.of());

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
  private long nanos;

  @Test
  void plainLinesSayHowATaskEnded() {
    var board = ProgressBoard.plain(out, List.of(BRONZE, GOLD), () -> nanos);

    board.started(BRONZE);
    board.finished(
        BRONZE, new Outcome.Succeeded(new JobReport(42_130, 42_000), Duration.ofMillis(12_340)));
    board.started(GOLD);
    board.finished(GOLD, new Outcome.Failed(ErrorCode.UNREACHABLE.error(), Duration.ofMillis(500)));

    assertThat(printed())
        .containsExactly(
            "  bronze  done         42,130 events in      42,000 rows out    12.3 s",
            "  gold    failed            0 events in           0 rows out     0.5 s");
  }

  @Test
  void plainLinesShowALongTaskEveryFewSecondsWhileItMovesRows() {
    var board = ProgressBoard.plain(out, List.of(BRONZE, GOLD), () -> nanos);

    board.started(BRONZE);
    board.progressed(BRONZE, 7, 5);
    nanos = Duration.ofSeconds(4).toNanos();
    board.tick();
    nanos = Duration.ofSeconds(6).toNanos();
    board.tick();
    nanos = Duration.ofSeconds(7).toNanos();
    board.tick();
    board.progressed(BRONZE, 7, 5);
    nanos = Duration.ofSeconds(20).toNanos();
    board.tick();

    assertThat(printed())
        .containsExactly("  bronze  running           7 events in           5 rows out     6.0 s");
  }

  @Test
  void aSkippedTaskNamesWhatItNeeded() {
    var board = ProgressBoard.plain(out, List.of(BRONZE, GOLD), () -> nanos);

    board.finished(GOLD, new Outcome.Skipped(List.of("bronze")));

    assertThat(printed()).containsExactly("  gold    skipped  needs bronze");
  }

  @Test
  void aTerminalIsRedrawnInPlace() {
    var board = ProgressBoard.live(out, List.of(BRONZE, GOLD), () -> nanos);

    board.started(BRONZE);
    nanos = Duration.ofSeconds(1).toNanos();
    board.tick();

    var screens = bytes.toString(StandardCharsets.UTF_8);
    assertThat(screens).doesNotStartWith("\u001b[2A").containsOnlyOnce("\u001b[2A");
    var last = screens.substring(screens.indexOf("\u001b[2A"));
    assertThat(last)
        .contains("bronze  running", "1.0 s\u001b[K\n")
        .contains("  gold    waiting\u001b[K\n");
  }

  private List<String> printed() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
