package io.github.kurrentlake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PrivateFilesTest {
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  @Test
  void whatAKilledProcessLeftIsSweptByTheNext() throws Exception {
    var ended = new ProcessBuilder("true").start();
    ended.waitFor();
    var left = Files.createTempDirectory("kurrentlake-of-" + ended.pid() + "-");
    Files.writeString(left.resolve("password"), "canary");
    var alive = ProcessHandle.current().parent().orElseThrow().pid();
    var used = Files.createTempDirectory("kurrentlake-of-" + alive + "-");
    var stranger = Files.createTempDirectory("kurrentlake-of-nobody");

    try (var files = PrivateFiles.create()) {
      var written = files.write("password", "canary");

      assertThat(left).doesNotExist();
      assertThat(used).exists();
      assertThat(stranger).exists();
      assertThat(written).hasContent("canary");
      assertThat(written.getParent().getParent()).isEqualTo(TEMPORARY);
      files.close();
      assertThat(written.getParent()).doesNotExist();
    } finally {
      Files.delete(used);
      Files.delete(stranger);
    }
  }
}
