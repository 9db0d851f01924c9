package io.github.kurrentlake.cli;

import java.io.PrintStream;
import picocli.CommandLine.Option;

/** The option that says how rows are printed. */
final class FormatOption {
  enum Format {
    table,
    csv,
    json
  }

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES}; json is one object a line. Default: table.")
  private Format format;

  RowPrinter printer(PrintStream out) {
    return switch (format) {
      case table -> TablePrinter.to(out);
      case csv -> new CsvPrinter(out);
      case json -> new JsonPrinter(out);
    };
  }
}
