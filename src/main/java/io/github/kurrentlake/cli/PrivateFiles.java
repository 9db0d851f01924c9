package io.github.kurrentlake.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * Files that only this user may read and that are gone when the command ends, also by Ctrl-C. A
 * killed process leaves them in the temporary directory.
 */
final class PrivateFiles implements AutoCloseable {
  private final Path directory;
  private final Thread hook = new Thread(this::delete, "private-files");

  private PrivateFiles(Path directory) {
    this.directory = directory;
  }

  static PrivateFiles create() {
    try {
      // The JDK makes temporary directories and files for their owner alone.
      var files = new PrivateFiles(Files.createTempDirectory("kurrentlake-"));
      Runtime.getRuntime().addShutdownHook(files.hook);
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a text into a new file. */
  Path write(String name, String text) {
    try {
      var written = Files.createTempFile(directory, "", "-" + name);
      return Files.writeString(written, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    delete();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending already; the hook finds nothing left to delete.
      return;
    }
  }

  private void delete() {
    if (!Files.exists(directory)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
