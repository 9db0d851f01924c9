package io.github.kurrentlake.embedded.postgres;

import io.github.kurrentlake.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a program is run that refuses to run as root: as it is where we are not root; else in a user
 * namespace in which we are nobody, or as the user nobody, whichever the system allows.
 *
 * @param prefix what stands before the program's own command line
 * @param owner the {@code user:group} that must own the program's files, if it is not us
 */
record Unprivileged(List<String> prefix, Optional<String> owner) {
  private static final String NOBODY = "65534";
  static final Unprivileged AS_WE_ARE = new Unprivileged(List.of(), Optional.empty());
  static final Unprivileged BY_NAMESPACE =
      new Unprivileged(List.of("unshare", "-U"), Optional.empty());
  static final Unprivileged AS_NOBODY =
      new Unprivileged(
          List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"),
          Optional.of(NOBODY + ":" + NOBODY));

  /**
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-504 when we are root and nothing
   *     takes that away
   */
  static Unprivileged here() {
    return Stream.of(AS_WE_ARE, BY_NAMESPACE, AS_NOBODY)
        .filter(Unprivileged::works)
        .findFirst()
        .orElseThrow(
            () ->
                ErrorCode.NO_EMBEDDED_POSTGRES
                    .error()
                    .with("reason", "this process is root, and neither unshare nor setpriv works"));
  }

  /** The whole command line of a program. */
  List<String> command(Path program, List<String> arguments) {
    var command = new ArrayList<>(prefix);
    command.add(program.toString());
    command.addAll(arguments);
    return command;
  }

  /** Runs a program to its end and gives what it printed, or throws with it. */
  String run(Path program, List<String> arguments) throws IOException {
    return output(command(program, arguments));
  }

  /** Gives a directory with all that is in it to the program's user. */
  void own(Path directory) throws IOException {
    if (owner.isPresent()) {
      output(List.of("chown", "-R", owner.get(), directory.toString()));
    }
  }

  private boolean works() {
    try {
      return !run(Path.of("id"), List.of("-u")).strip().equals("0");
    } catch (IOException e) {
      // There is no such program here, or it may not do this: then this is not the way.
      return false;
    }
  }

  private static String output(List<String> command) throws IOException {
    var process =
        new ProcessBuilder(command)
            .directory(new java.io.File("/"))
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code;
    try {
      code = process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroy();
      throw new IOException("interrupted while " + command.get(0) + " ran", e);
    }
    if (code != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + code + ": " + output);
    }
    return output;
  }
}
