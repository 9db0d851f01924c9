package io.github.kurrentlake.cli;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.table.StorageFaults;
import java.nio.file.Files;
import org.slf4j.LoggerFactory;

/** Shows errors to a person: the message of the catalogue; the stack trace goes into the log. */
final class Failures {
  private Failures() {}

  /** Prints one error. */
  static void print(Launcher launcher, KurrentlakeException error) {
    var err = launcher.err();
    err.println(error.getMessage());
    if (Logs.file().isEmpty()) {
      error.printStackTrace(err);
    } else {
      LoggerFactory.getLogger(Failures.class).error("The command failed", error);
    }
    err.flush();
  }

  /** Says where the logs of this command are, when there are any. */
  static void printLog(Launcher launcher) {
    Logs.file().filter(Files::exists).ifPresent(file -> launcher.err().println("Log: " + file));
    launcher.err().flush();
  }

  /** The error of the catalogue that an exception is, or is caused by; else one of this code. */
  static KurrentlakeException known(Throwable thrown, ErrorCode otherwise) {
    var known = Causes.known(thrown).or(() -> StorageFaults.of(thrown));
    if (known.isPresent()) {
      return known.get();
    }
    var reason = Causes.firstLine(thrown);
    return otherwise
        .error()
        .with("error", thrown.getClass().getName() + ": " + reason)
        .causedBy(thrown);
  }
}
