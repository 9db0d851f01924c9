package io.github.kurrentlake.settings;

import java.util.Map;
import java.util.Optional;

/**
 * Where environment variables come from. A job takes one instead of reading the process's own, so
 * that several jobs in one JVM can have different ones.
 */
@FunctionalInterface
public interface Environment {

  /** The variable's value; empty when it is not set or is the empty text. */
  Optional<String> variable(String name);

  /** The variables of this process. */
  static Environment ofProcess() {
    return name -> Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
  }

  /** This environment with some variables set otherwise. */
  default Environment with(Map<String, String> variables) {
    var copy = Map.copyOf(variables);
    return name ->
        copy.containsKey(name)
            ? Optional.of(copy.get(name)).filter(value -> !value.isEmpty())
            : variable(name);
  }
}
