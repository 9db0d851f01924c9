package io.github.kurrentlake.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Leaving events out for good. */
@Command(
    name = "dismiss",
    description = {
      "Leave open events out of Silver for good, and say why.",
      "Either one event, or all of a projection that have an error of a rule."
    })
final class QuarantineDismissCommand implements Callable<Integer> {
  private final Launcher launcher;

  @ArgGroup(multiplicity = "1")
  private Which which;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why; it is kept with the event.")
  private String reason;

  @ParentCommand private QuarantineCommand quarantine;

  private static final class Which {
    @Parameters(paramLabel = "POSITION", description = "The event's log_position.")
    private Long position;

    @ArgGroup(exclusive = false)
    private Kind kind;
  }

  private static final class Kind {
    @Option(
        names = "--projection",
        paramLabel = "NAME",
        required = true,
        description = "The projection, such as loan_requested.")
    private String projection;

    @Option(
        names = "--rule",
        paramLabel = "RULE",
        required = true,
        description = "The rule as quarantine lists it, such as \"not JSON\".")
    private String rule;
  }

  QuarantineDismissCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws IOException {
    quarantine.use(
        found -> {
          var dismissed =
              which.kind == null
                  ? found.dismiss(which.position, reason)
                  : found.dismissAll(which.kind.projection, which.kind.rule, reason);
          launcher.out().printf("%,d dismissed%n", dismissed);
        });
    return 0;
  }
}
