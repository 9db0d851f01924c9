package io.github.kurrentlake.cli;

import io.github.kurrentlake.job.Job;
import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.Setting;
import io.github.kurrentlake.settings.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Settings of the workflow's tasks as options of a command. */
record TaskSettings(List<Setting<?>> settings) {

  /** A command that has them as options. */
  CommandLine commandLine(Object command) {
    var commandLine = new CommandLine(command);
    addTo(commandLine.getCommandSpec());
    return commandLine;
  }

  private void addTo(CommandSpec command) {
    for (var setting : settings) {
      command.addOption(
          OptionSpec.builder("--" + setting.name())
              .type(String.class)
              .paramLabel(setting.label())
              // A yes may be left out behind the name.
              .arity(setting.label().equals("yes|no") ? "0..1" : "1")
              .fallbackValue("yes")
              .description(
                  setting.description()
                      + "."
                      + setting.fallback().map(" Default: %s."::formatted).orElse(""))
              .build());
    }
  }

  /**
   * What was given, by names of job parameters.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102 for a value that does not parse
   */
  Map<String, String> given(ParseResult parsed) {
    var parameters = new HashMap<String, String>();
    for (var setting : settings) {
      String value = parsed.matchedOptionValue("--" + setting.name(), null);
      if (value != null) {
        setting.parse(value);
        parameters.put(parameter(setting), value);
      }
    }
    return parameters;
  }

  /** These settings, of job parameters. */
  Settings of(Map<String, String> parameters, Environment environment) {
    return of(settings, parameters, environment);
  }

  /** The settings of a task, of job parameters. */
  static Settings of(Job job, Map<String, String> parameters, Environment environment) {
    return of(job.settings(), parameters, environment);
  }

  /** Some settings, of job parameters. */
  static Settings of(
      List<Setting<?>> declared, Map<String, String> parameters, Environment environment) {
    var arguments =
        declared.stream()
            .filter(setting -> parameters.containsKey(parameter(setting)))
            .map(setting -> "--%s=%s".formatted(setting.name(), parameters.get(parameter(setting))))
            .toList();
    return Settings.parse(declared, arguments, environment);
  }

  /** The job parameter that a workflow gives to the setting. */
  static String parameter(Setting<?> setting) {
    return setting.name().replace('-', '_');
  }
}
