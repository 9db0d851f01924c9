package io.github.kurrentlake.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What {@code jobs/kurrentlake} tells about the place it runs in.
 *
 * @param home the repository
 * @param terminal whether stdout is a terminal that understands control sequences
 * @param out stdout, which programs may read
 * @param err stderr
 */
record Launcher(Path home, boolean terminal, PrintStream out, PrintStream err) {

  static Launcher ofProcess() {
    return new Launcher(
        Path.of(System.getProperty("kurrentlake.home", "")).toAbsolutePath(),
        Boolean.getBoolean("kurrentlake.terminal"),
        stream(FileDescriptor.out),
        stream(FileDescriptor.err));
  }

  Path target() {
    return home.resolve("target");
  }

  Path logs() {
    return target().resolve("logs");
  }

  Path workflow() {
    return home.resolve("workflow.json");
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    // JSON is UTF-8 by definition, whatever the locale; the box of the rest follows it.
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }
}
