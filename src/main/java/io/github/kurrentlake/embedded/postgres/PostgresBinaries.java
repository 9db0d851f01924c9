package io.github.kurrentlake.embedded.postgres;

import io.github.kurrentlake.error.ErrorCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.io.FileUtils;

/**
 * PostgreSQL's programs, unpacked once per user and machine (60 MB) into the directory for
 * temporary files, where another user than root can reach them too. The directory gets its name
 * when it is complete, so that processes that unpack at the same time, or die of it, do no harm.
 */
record PostgresBinaries(Path directory) {
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rwxr-xr-x");

  Path initdb() {
    return directory.resolve("bin/initdb");
  }

  Path postgres() {
    return directory.resolve("bin/postgres");
  }

  Path pgCtl() {
    return directory.resolve("bin/pg_ctl");
  }

  /**
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-504 when there are none for this
   *     system
   */
  static PostgresBinaries unpacked() {
    var archive = archive();
    try (var packed = PostgresBinaries.class.getResourceAsStream("/" + archive)) {
      if (packed == null) {
        throw ErrorCode.NO_EMBEDDED_POSTGRES.error().with("system", archive);
      }
      var temporary = Path.of(System.getProperty("java.io.tmpdir"));
      var size =
          PostgresBinaries.class.getResource("/" + archive).openConnection().getContentLengthLong();
      var target = temporary.resolve("kurrentlake-postgres-%s-%d".formatted(user(), size));
      if (!Files.exists(target)) {
        var part = Files.createTempDirectory(temporary, "kurrentlake-unpacking-");
        Files.setPosixFilePermissions(part, READABLE);
        unpack(
            new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed))),
            part);
        publish(part, target);
      }
      requireOwn(target);
      return new PostgresBinaries(target);
    } catch (IOException e) {
      throw ErrorCode.NO_EMBEDDED_POSTGRES.error().with("reason", e).causedBy(e);
    }
  }

  private static String archive() {
    var mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
    var arm = System.getProperty("os.arch").equals("aarch64");
    return "postgres-%s-%s.txz".formatted(mac ? "darwin" : "linux", arm ? "arm_64" : "x86_64");
  }

  private static void unpack(TarArchiveInputStream entries, Path directory) throws IOException {
    for (TarArchiveEntry entry = entries.getNextEntry();
        entry != null;
        entry = entries.getNextEntry()) {
      var file = directory.resolve(entry.getName()).normalize();
      if (!file.startsWith(directory)) {
        throw new IOException("an entry outside of the archive: " + entry.getName());
      }
      if (entry.isDirectory()) {
        Files.createDirectories(file);
      } else {
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
          Files.copy(entries, file);
          if ((entry.getMode() & 0100) != 0) {
            Files.setPosixFilePermissions(file, READABLE);
          }
        }
      }
    }
  }

  private static void publish(Path part, Path target) throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.exists(target)) {
        throw e;
      }
      // Another process was faster.
      FileUtils.deleteDirectory(part.toFile());
    }
  }

  /** The directory is one that everybody may write to, and its programs are about to be run. */
  private static void requireOwn(Path target) throws IOException {
    var others = EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    others.retainAll(Files.getPosixFilePermissions(target));
    var probe = Files.createTempFile("kurrentlake-owner-", "");
    var mine = Files.getOwner(target).equals(Files.getOwner(probe));
    Files.delete(probe);
    if (!mine || !others.isEmpty()) {
      throw ErrorCode.NO_EMBEDDED_POSTGRES
          .error()
          .with("directory", target)
          .with("reason", "it is not this user's alone");
    }
  }

  private static String user() {
    return System.getProperty("user.name").replaceAll("[^A-Za-z0-9_-]", "_");
  }
}
