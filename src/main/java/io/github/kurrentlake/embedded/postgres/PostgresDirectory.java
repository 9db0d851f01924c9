package io.github.kurrentlake.embedded.postgres;

import io.github.kurrentlake.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.FileUtils;

/**
 * A server's directory: {@code data}, the superuser's {@code password}, and {@code lock}, which the
 * process that runs the server holds. {@code data} gets its name when it is complete, so that a
 * start that was killed is simply done again.
 */
final class PostgresDirectory {
  private final Path base;
  private final PostgresBinaries binaries;
  private final Unprivileged user;
  private final FileChannel lock;

  private PostgresDirectory(
      Path base, PostgresBinaries binaries, Unprivileged user, FileChannel lock) {
    this.base = base;
    this.binaries = binaries;
    this.user = user;
    this.lock = lock;
  }

  /**
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-505 when a process has it
   */
  static PostgresDirectory lock(Path base, PostgresBinaries binaries, Unprivileged user)
      throws IOException {
    var file = base.resolve("lock");
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isLocked(channel)) {
      channel.close();
      throw ErrorCode.POSTGRES_IN_USE.error().with("directory", base);
    }
    return new PostgresDirectory(base, binaries, user, channel);
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // This very process has it.
      return false;
    }
  }

  Path base() {
    return base;
  }

  Path data() {
    return base.resolve("data");
  }

  Path password() {
    return base.resolve("password");
  }

  /** Makes the data unless it is there; stops a server that outlived its process. */
  void prepare() throws IOException {
    if (Files.exists(data())) {
      user.own(base);
      stopSurvivor();
    } else {
      initialize();
    }
  }

  void unlock() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void initialize() throws IOException {
    var part = base.resolve("data.part");
    FileUtils.deleteDirectory(part.toFile());
    Files.deleteIfExists(password());
    var random = new byte[24];
    new SecureRandom().nextBytes(random);
    Files.createFile(
        password(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(password(), Base64.getUrlEncoder().encodeToString(random));
    user.own(base);
    user.run(
        binaries.initdb(),
        List.of(
            "--pgdata=" + part,
            "--username=postgres",
            "--pwfile=" + password(),
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            // Sorts and compares alike on every machine.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
            "--no-instructions"));
    Files.move(part, data(), StandardCopyOption.ATOMIC_MOVE);
  }

  private void stopSurvivor() throws IOException {
    var survivor = survivor();
    if (survivor.isEmpty()) {
      return;
    }
    try {
      user.run(
          binaries.pgCtl(),
          List.of("stop", "--pgdata=" + data(), "--mode=fast", "--wait", "--timeout=60"));
    } catch (IOException e) {
      // It may have ended by itself in between.
      if (survivor.get().isAlive()) {
        throw e;
      }
    }
  }

  private Optional<ProcessHandle> survivor() throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(data().resolve("postmaster.pid"));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    // After a restart of the machine the number may be another program's.
    return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
        .filter(
            process -> process.info().command().filter(c -> c.endsWith("/postgres")).isPresent());
  }
}
