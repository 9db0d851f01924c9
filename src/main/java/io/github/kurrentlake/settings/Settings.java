package io.github.kurrentlake.settings;

import io.github.kurrentlake.error.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The values of declared settings for one run. Precedence:
 *
 * <ol>
 *   <li>the option on the command line, unless its value is empty
 *   <li>the setting's environment variable, unless it is empty
 *   <li>the setting's default
 * </ol>
 */
public final class Settings {
  private final Map<String, String> options;
  private final Environment environment;

  /** What was read is what counts, also when a file that it came from changes. */
  private final Map<String, Object> values = new ConcurrentHashMap<>();

  private Settings(Map<String, String> options, Environment environment) {
    this.options = options;
    this.environment = environment;
  }

  /**
   * Reads a command line of {@code --name value} and {@code --name=value}.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-101 for an option that is not
   *     declared, KL-102 for one without a value, or with one that does not parse, KL-103 when one
   *     is missing that must be given
   */
  public static Settings parse(
      List<Setting<?>> declared, List<String> arguments, Environment environment) {
    var known = declared.stream().map(Setting::name).collect(Collectors.toSet());
    var options = new HashMap<String, String>();
    var rest = arguments.iterator();
    while (rest.hasNext()) {
      var argument = rest.next();
      var equals = argument.indexOf('=');
      var name = equals < 0 ? argument : argument.substring(0, equals);
      if (!name.startsWith("--") || !known.contains(name.substring(2))) {
        throw ErrorCode.UNKNOWN_OPTION
            .error()
            .with("option", name)
            .with("known", known.stream().sorted().map(option -> "--" + option).toList());
      }
      if (equals < 0 && !rest.hasNext()) {
        throw ErrorCode.BAD_OPTION.error().with("option", name).with("expected", "a value");
      }
      options.put(name.substring(2), equals < 0 ? rest.next() : argument.substring(equals + 1));
    }
    var settings = new Settings(Map.copyOf(options), environment);
    // Before anything runs, not when the value is first used.
    declared.forEach(settings::check);
    return settings;
  }

  private void check(Setting<?> setting) {
    switch (setting.presence()) {
      case REQUIRED -> get(setting);
      case OPTIONAL -> find(setting);
    }
  }

  /** Where secrets come from, which are never options. */
  public Environment environment() {
    return environment;
  }

  /**
   * The setting's value.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102 for a value that does not
   *     parse, KL-103 when it has none
   */
  public <T> T get(Setting<T> setting) {
    return find(setting)
        .orElseThrow(
            () ->
                ErrorCode.MISSING_OPTION
                    .error()
                    .with("option", "--" + setting.name())
                    .with("variable", setting.variable()));
  }

  /**
   * The value of a setting that may be left out.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-102 for a value that does not parse
   */
  @SuppressWarnings("unchecked") // A setting's name has one type.
  public <T> Optional<T> find(Setting<T> setting) {
    return given(setting)
        .or(setting::fallback)
        .map(text -> (T) values.computeIfAbsent(setting.name(), name -> setting.parse(text)));
  }

  /** What was given for a setting, as it was written; empty when it has its default. */
  public Optional<String> given(Setting<?> setting) {
    return Optional.ofNullable(options.get(setting.name()))
        .filter(option -> !option.isEmpty())
        .or(() -> environment.variable(setting.variable()));
  }
}
