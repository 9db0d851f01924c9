package io.github.kurrentlake.cli;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.LocalFiles;
import io.github.kurrentlake.table.StorageFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option that says where the local lakehouse lies. */
final class LakehouseOption {
  @Option(
      names = "--lakehouse",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      defaultValue = "lakehouse",
      description = "The directory of the Delta tables. Default: ./lakehouse.")
  private String text;

  /**
   * A lakehouse that may not exist yet; its directory is made.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-301 when the directory holds
   *     something else, KL-311, KL-313 or KL-320 when it cannot be written to
   */
  Path prepared() {
    var directory = directory();
    try {
      ((Lakehouse.InDirectory) Lakehouse.at(directory)).prepare(LocalFiles.open());
    } catch (IOException e) {
      throw StorageFaults.orUnusable(e).with("directory", directory);
    }
    return directory;
  }

  /**
   * A lakehouse that an earlier run made.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-301 or KL-302 when there is none
   */
  Path existing() {
    var directory = directory();
    if (!Files.exists(directory.resolve(Lakehouse.MARKER))) {
      var code = Files.exists(directory) ? ErrorCode.NOT_A_LAKEHOUSE : ErrorCode.NO_LAKEHOUSE;
      throw code.error().with("directory", directory);
    }
    return directory;
  }

  /** The directory, whether there is one or not. */
  Path directory() {
    if (Lakehouse.hasScheme(text)) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("option", "--lakehouse")
          .with("value", text)
          .with("expected", "a directory of this machine; submit takes others with --catalog");
    }
    return Path.of(text).toAbsolutePath().normalize();
  }
}
