package io.github.kurrentlake.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement kept as a {@code .sql} file, with placeholders of the form <code>${name}</code> for
 * quoted identifiers, numbers and generated lists of columns.
 *
 * @param text the statement with its placeholders
 */
public record SqlTemplate(String text) {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(\\w+)\\}");

  /** The resource beside the class. */
  public static SqlTemplate beside(Class<?> owner, String resource) {
    try (var stream = owner.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalArgumentException("no resource " + resource + " beside " + owner);
      }
      return new SqlTemplate(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of its placeholders. */
  public Set<String> placeholders() {
    var names = new LinkedHashSet<String>();
    PLACEHOLDER.matcher(text).results().forEach(match -> names.add(match.group(1)));
    return names;
  }

  /** The template with one placeholder replaced by text that may hold others. */
  public SqlTemplate with(String name, SqlTemplate part) {
    return new SqlTemplate(text.replace("${" + name + "}", part.text));
  }

  /** The statement with every placeholder replaced; a placeholder without a value is an error. */
  public String fill(Map<String, ?> values) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            match -> {
              var value = values.get(match.group(1));
              if (value == null) {
                throw new IllegalArgumentException("no value for " + match.group());
              }
              return Matcher.quoteReplacement(value.toString());
            });
  }
}
