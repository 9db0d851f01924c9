package io.github.kurrentlake.testing;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.apache.commons.io.file.PathUtils;

/** Whole directories, such as a lakehouse that is made once and copied for each test. */
public final class Trees {
  private Trees() {}

  /**
   * Copies a directory with all that is in it, to a place that does not exist yet. Times and rights
   * are copied too, also those of directories, which Commons IO leaves out.
   */
  public static Path copy(Path from, Path to) {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)), COPY_ATTRIBUTES);
      }
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a directory with all that is in it. */
  public static void delete(Path tree) {
    try {
      PathUtils.deleteDirectory(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leaves a Delta table's last commit without a byte, at the time that it has. */
  public static void emptyLastCommit(Path table) {
    try (var log = Files.list(table.resolve("_delta_log"))) {
      var last =
          log.filter(file -> file.getFileName().toString().matches("\\d+\\.json"))
              .max(Comparator.naturalOrder())
              .orElseThrow();
      var time = Files.getLastModifiedTime(last);
      Files.write(last, new byte[0]);
      Files.setLastModifiedTime(last, time);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
