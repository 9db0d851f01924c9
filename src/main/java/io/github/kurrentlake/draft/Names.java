package io.github.kurrentlake.draft;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of tables and columns, and what names say. */
final class Names {
  private static final Pattern WORD_BEGINS =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");
  private static final Pattern TIME =
      Pattern.compile("(^|_)(at|on|date|day|time|timestamp|when|since|until)(_|$)");
  private static final Pattern PERSON =
      Pattern.compile(
          "(^|_)(email|mail|phone|mobile|fax|address|street|city|zip|postal|postcode|birth\\w*|dob"
              + "|age|gender|sex|ssn|passport|iban|national|nationality|income|salary|user|username"
              + "|surname|firstname|lastname|fullname|person|recipient)(_|$)"
              + "|(^|_)(first|last|full|middle|maiden|customer|contact|holder|applicant)_name$|^name$");

  private Names() {}

  /** The name in snake case. */
  static String snake(String text) {
    var words =
        WORD_BEGINS
            .matcher(text)
            .replaceAll("_")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "_")
            .replaceAll("^_+|_+$", "");
    return words.isEmpty() || !Character.isLetter(words.charAt(0)) ? "f_" + words : words;
  }

  static String snake(List<String> keys) {
    return keys.stream().map(Names::snake).collect(Collectors.joining("_"));
  }

  /** What two spellings of the same place have in common. */
  static String spelling(List<String> keys) {
    return keys.stream()
        .map(key -> key.toLowerCase(Locale.ROOT).replaceAll("[_\\- ]", ""))
        .collect(Collectors.joining("\n"));
  }

  /** The name, or with a number behind it when it is taken; it is taken then. */
  static String free(String name, Set<String> taken) {
    var free = name;
    for (var number = 2; !taken.add(free); number++) {
      free = name + "_" + number;
    }
    return free;
  }

  /** Whether a column of this name is likely a time. */
  static boolean isTime(String column) {
    return TIME.matcher(column).find();
  }

  /** Whether a column of this name is likely about a person. */
  static boolean isPersonal(String column) {
    return PERSON.matcher(column).find();
  }
}
