package io.github.kurrentlake.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.commons.io.file.PathUtils;

/**
 * Files that only this user may read and that are gone when the command ends, also by Ctrl-C. A
 * killed process leaves them in the temporary directory, until the next command finds that their
 * process is gone.
 */
final class PrivateFiles implements AutoCloseable {
  private static final String PREFIX = "kurrentlake-of-";
  private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9]{1,18})-.*");

  private final Path directory;
  private final Thread hook = new Thread(this::delete, "private-files");

  private PrivateFiles(Path directory) {
    this.directory = directory;
  }

  static PrivateFiles create() {
    try {
      sweep();
      // The JDK makes temporary directories and files for their owner alone.
      var prefix = PREFIX + ProcessHandle.current().pid() + "-";
      var files = new PrivateFiles(Files.createTempDirectory(prefix));
      Runtime.getRuntime().addShutdownHook(files.hook);
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes what this user's processes left that are gone. */
  private static void sweep() throws IOException {
    var temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (var found = Files.newDirectoryStream(temporary, PREFIX + "*")) {
      for (var directory : found) {
        var name = NAME.matcher(directory.getFileName().toString());
        if (name.matches()
            && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()
            && Files.isWritable(directory)) {
          sweep(directory);
        }
      }
    }
  }

  private static void sweep(Path left) {
    try {
      new PrivateFiles(left).delete();
    } catch (UncheckedIOException e) {
      // Another command that starts now sweeps as well.
      if (!(e.getCause() instanceof NoSuchFileException)) {
        throw e;
      }
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
    try {
      if (Files.exists(directory)) {
        PathUtils.deleteDirectory(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
