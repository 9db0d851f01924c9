package io.github.kurrentlake.cli;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.pipeline.Lineage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.sql.RowFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where columns come from. */
@Command(
    name = "lineage",
    description = {
      "Print where each column of Silver and Gold comes from, as the pipeline declares it: places in"
          + " the payloads of event types, columns of other tables, or the SQL of a Gold table."
    })
final class LineageCommand implements Callable<Integer> {
  private static final String COLUMNS = "table STRING, column STRING, origin STRING";

  private final Launcher launcher;

  @Mixin private PipelineOption pipeline;

  @Mixin private FormatOption format;

  @Option(
      names = "--column",
      paramLabel = "SCHEMA.TABLE.COLUMN",
      description = "Only this column, with all that it comes from.")
  private String wanted;

  LineageCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() {
    var all = Lineage.of(pipeline.pipeline());
    var lines = wanted == null ? all : behind(all);
    format
        .printer(launcher.out())
        .print(
            COLUMNS,
            lines.stream()
                .map(line -> RowFactory.create(line.table(), line.column(), line.origin())));
    launcher.out().flush();
    return 0;
  }

  /** The lines of the column, then those of its origins. */
  private List<Lineage> behind(List<Lineage> all) {
    var found = new ArrayList<Lineage>();
    Set<String> names = new LinkedHashSet<>(List.of(wanted));
    while (!names.isEmpty()) {
      var next = new LinkedHashSet<String>();
      for (var line : all) {
        if (names.contains(line.table() + "." + line.column()) && !found.contains(line)) {
          found.add(line);
          next.add(line.origin());
        }
      }
      names = next;
    }
    if (found.isEmpty()) {
      throw ErrorCode.BAD_OPTION
          .error()
          .with("option", "--column")
          .with("value", wanted)
          .with("expected", "a column such as " + all.get(0).table() + "." + all.get(0).column());
    }
    return found;
  }
}
