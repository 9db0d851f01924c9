package io.github.kurrentlake.cli;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.table.Lakehouse;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says where the local lakehouse lies. */
final class LakehouseOption {
  @Option(
      names = "--lakehouse",
      paramLabel = "DIR",
      defaultValue = "lakehouse",
      description = "The directory of the Delta tables. Default: ./lakehouse.")
  private Path directory;

  /**
   * A lakehouse that may not exist yet; its directory is made.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-301 when the directory holds
   *     something else
   */
  Path prepared() {
    var lakehouse = inDirectory();
    lakehouse.prepare();
    return lakehouse.directory();
  }

  /**
   * A lakehouse that an earlier run made.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-301 or KL-302 when there is none
   */
  Path existing() {
    var lakehouse = inDirectory();
    if (!lakehouse.isOurs()) {
      var code =
          Files.exists(lakehouse.directory()) ? ErrorCode.NOT_A_LAKEHOUSE : ErrorCode.NO_LAKEHOUSE;
      throw code.error().with("directory", lakehouse.directory());
    }
    return lakehouse.directory();
  }

  private Lakehouse.InDirectory inDirectory() {
    return (Lakehouse.InDirectory) Lakehouse.at(directory);
  }
}
