package io.github.kurrentlake.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.testing.KilledJvm;
import io.github.kurrentlake.testing.SharedSpark;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
class ChaosTest {
  @TempDir private Path directory;

  @Test
  void killedProcessesLeaveTheTablesOfAnUndisturbedRun() {
    var kills = KilledJvm.kills();
    var seed = KilledJvm.chance().nextLong();
    var report = Chaos.run(SharedSpark.session(), kills, 10, seed, directory, System.out);

    var printed = new ByteArrayOutputStream();
    report.print(new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertThat(report.isClean()).as(() -> seed + "\n" + printed).isTrue();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains(kills + " kills, ", "rows in 10 tables: no row differs");
  }
}
