package io.github.kurrentlake.bench;

import io.github.kurrentlake.table.Lakehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A directory for the tables of an experiment, deleted when it is closed or the run ends. */
record WorkDirectory(Path path) implements AutoCloseable {

  static WorkDirectory in(Path parent) {
    try {
      return new WorkDirectory(Files.createTempDirectory(parent, "lakehouse-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Lakehouse lakehouse() {
    return Lakehouse.at(path);
  }

  @Override
  public void close() {
    try (var files = Files.walk(path)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
