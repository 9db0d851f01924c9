package io.github.kurrentlake.draft;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.kurrentlake.payload.Field;
import io.github.kurrentlake.payload.PayloadReader;
import io.github.kurrentlake.payload.Problem;
import io.github.kurrentlake.payload.Rule;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.source.EventLog.Payload;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Guesses a projection from a sample. A type is suggested when the reader that Silver has takes
 * every value of the sample for one, so that the first run finds in the sample what was promised.
 */
final class Guess {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /** Fewer events say nothing about what is always there. */
  private static final int ENOUGH = 20;

  /** Of an object with more keys, most of them rare, the keys are data. */
  private static final int MOST_KEYS = 30;

  /** Of the event, beside what its elements have. */
  private static final int MOST_IDS = 3;

  private static final int DIGITS = 18;
  private static final int MOST_DIGITS = 38;
  private static final int MOST_SCALE = 9;

  private final EventSample sample;
  private final Map<List<String>, Place> places = new LinkedHashMap<>();
  private final Map<Place, List<Payload>> elements = new LinkedHashMap<>();
  private int unreadable;

  private Guess(EventSample sample) {
    this.sample = sample;
  }

  /** The table of the events, and one for each array of objects in them. */
  static List<DraftProjection> of(EventSample sample, String table) {
    var guess = new Guess(sample);
    sample.payloads().forEach(guess::see);
    var columns = guess.columns();
    var projections = new ArrayList<DraftProjection>();
    projections.add(
        new DraftProjection(
            table, sample.type(), "", sample.payloads().size(), guess.unreadable, columns));
    var ids = columns.stream().filter(Guess::isId).limit(MOST_IDS).toList();
    guess.elements.forEach(
        (place, elements) -> {
          if (guess.isExploded(place)) {
            projections.add(guess.exploding(table, place, elements, ids));
          }
        });
    return projections;
  }

  private DraftProjection exploding(
      String table, Place place, List<Payload> elements, List<DraftColumn> ids) {
    var ofElements = new Guess(new EventSample(sample.type(), elements));
    elements.forEach(ofElements::see);
    var taken = ids.stream().map(DraftColumn::name).toList();
    var columns = new ArrayList<>(ids);
    for (var column : ofElements.columns()) {
      columns.add(
          column.at(
              taken.contains(column.name()) || column.name().equals(Projection.ORDINAL)
                  ? "element_" + column.name()
                  : column.name(),
              place.path()));
    }
    return new DraftProjection(
        table + "_" + Names.snake(place.keys()),
        sample.type(),
        place.path(),
        sample.payloads().size(),
        unreadable,
        columns);
  }

  private static boolean isId(DraftColumn column) {
    return column.name().equals("id")
        || (column.name().endsWith("_id") && !column.type().equals("json"));
  }

  /** Whether an array has a table of its own. */
  private boolean isExploded(Place place) {
    return place.isArrayOfObjects() && !isBelowAWhole(place);
  }

  private void see(Payload payload) {
    try {
      var root = JSON.readTree(payload.data());
      if (root != null && root.isObject() && !root.isEmpty()) {
        see(root, List.of(), payload.position());
        return;
      }
    } catch (JsonProcessingException e) {
      // Counted, and said on the page.
    }
    unreadable++;
  }

  private void see(JsonNode object, List<String> above, long position) {
    for (var entry : object.properties()) {
      var keys = Stream.concat(above.stream(), Stream.of(entry.getKey())).toList();
      var place = places.computeIfAbsent(keys, Place::new);
      place.see(entry.getValue(), position);
      if (entry.getValue().isArray()) {
        var some = elements.computeIfAbsent(place, of -> new ArrayList<>());
        entry.getValue().forEach(one -> some.add(new Payload(position, one.toString())));
      }
      if (entry.getValue().isObject()) {
        see(entry.getValue(), keys, position);
      }
    }
  }

  private List<DraftColumn> columns() {
    var bySpelling = new LinkedHashMap<String, List<Place>>();
    for (var place : places.values()) {
      if (!isBelowAWhole(place) && !isExploded(place) && (!place.isObject() || isWhole(place))) {
        bySpelling
            .computeIfAbsent(Names.spelling(place.keys()), spelling -> new ArrayList<>())
            .add(place);
      }
    }
    bySpelling
        .values()
        .forEach(same -> same.sort(Comparator.comparingLong(Place::lastPosition).reversed()));
    var fits = fits(bySpelling);
    var names = new HashSet<>(Projection.OWN_COLUMNS);
    var columns = new ArrayList<DraftColumn>();
    bySpelling.forEach(
        (spelling, same) ->
            columns.add(column(name(same.get(0), names), same, fits.get(spelling))));
    return columns;
  }

  /** Whether a place is one value whatever stands below it. */
  private boolean isWhole(Place place) {
    if (place.isMixed()) {
      return true;
    }
    var below =
        places.values().stream()
            .filter(other -> other.keys().size() == place.keys().size() + 1)
            .filter(other -> other.keys().subList(0, place.keys().size()).equals(place.keys()))
            .toList();
    var seen = below.stream().mapToInt(Place::present).sum();
    return below.isEmpty()
        || (below.size() > MOST_KEYS && seen < place.present() * below.size() / 5);
  }

  private boolean isBelowAWhole(Place place) {
    for (var length = 1; length < place.keys().size(); length++) {
      var above = places.get(place.keys().subList(0, length));
      if (above != null && isWhole(above)) {
        return true;
      }
    }
    return false;
  }

  /** Which kinds take every value of the sample, by spelling. */
  private Map<String, Set<String>> fits(Map<String, List<Place>> bySpelling) {
    var fields = new ArrayList<Field>();
    var fits = new LinkedHashMap<String, Set<String>>();
    bySpelling.forEach(
        (spelling, same) -> {
          var kinds = kinds(same);
          fits.put(spelling, new HashSet<>(kinds.keySet()));
          kinds.forEach((kind, field) -> fields.add(or(field.apply(kind + "\n" + spelling), same)));
        });
    var reader = new PayloadReader(fields, ZoneOffset.UTC);
    for (var payload : sample.payloads()) {
      for (var problem : reader.read(payload.data().getBytes(UTF_8), "").errors()) {
        if (problem.column() != null && isMisfit(problem)) {
          var split = problem.column().indexOf('\n');
          fits.get(problem.column().substring(split + 1))
              .remove(problem.column().substring(0, split));
        }
      }
    }
    return fits;
  }

  private static boolean isMisfit(Problem problem) {
    return problem.rule() == Rule.BAD_VALUE || problem.rule() == Rule.WRONG_SHAPE;
  }

  /** The kinds to try, in the order in which they are preferred. */
  private static Map<String, Function<String, Field>> kinds(List<Place> same) {
    var path = same.get(0).path();
    var isArray = same.stream().allMatch(Place::isArray);
    var kinds = new LinkedHashMap<String, Function<String, Field>>();
    var isNumeric = same.stream().allMatch(Place::isNumeric);
    var scale = same.stream().mapToInt(Place::scale).max().orElse(0);
    var digits = same.stream().mapToInt(Place::integerDigits).max().orElse(0);
    kinds.put("boolean", name -> Field.truth(name, path, ""));
    if (isNumeric) {
      if (scale == 0) {
        kinds.put("bigint", name -> Field.bigint(name, path, ""));
      }
      var precision = digits + scale <= DIGITS - 4 ? DIGITS : MOST_DIGITS;
      if (scale <= MOST_SCALE
          && digits + scale <= MOST_DIGITS
          && same.stream().noneMatch(Place::hasExponents)) {
        kinds.put(
            "decimal(%d,%d)".formatted(precision, scale),
            name -> Field.decimal(name, path, precision, scale, ""));
      }
      kinds.put("double", name -> Field.doubleNumber(name, path, ""));
    }
    kinds.put("date", name -> Field.date(name, path, ""));
    kinds.put("timestamp", name -> Field.timestamp(name, path, ""));
    kinds.put("text", name -> Field.text(name, path, ""));
    if (isArray) {
      kinds.replaceAll((kind, field) -> name -> field.apply(name).array());
    }
    return kinds;
  }

  private static Field or(Field field, List<Place> same) {
    var all = field;
    for (var older : same.subList(1, same.size())) {
      all = all.or(older.path());
    }
    return all;
  }

  private DraftColumn column(String name, List<Place> same, Set<String> fits) {
    var readable = sample.payloads().size() - unreadable;
    var present = Math.min(same.stream().mapToInt(Place::present).sum(), readable);
    var share = readable == 0 ? 0 : (double) present / readable;
    var type = type(name, same, fits);
    return new DraftColumn(
        name,
        type,
        same.stream().map(Place::path).toList(),
        share,
        same.stream().mapToLong(Place::firstPosition).min().orElse(0),
        readable >= ENOUGH
            && present == readable
            && same.stream().mapToInt(Place::empties).sum() == 0,
        Names.isPersonal(name),
        doubt(name, type, same, present));
  }

  private static String type(String name, List<Place> same, Set<String> fits) {
    if (same.stream().anyMatch(Place::isMixed)
        || same.stream().anyMatch(Place::isArrayOfContainers)
        || same.stream().anyMatch(Place::isObject)) {
      return "json";
    }
    if (same.stream().mapToInt(Place::present).sum() == 0) {
      return "text";
    }
    var kind =
        Names.isTime(name) && fits.contains("timestamp") && !fits.contains("date")
            ? "timestamp"
            : kinds(same).keySet().stream().filter(fits::contains).findFirst().orElse("text");
    return same.get(0).isArray() ? "array<%s>".formatted(kind) : kind;
  }

  private static String doubt(String name, String type, List<Place> same, int present) {
    var first = same.get(0);
    if (present == 0) {
      return "always null so far";
    }
    if (same.stream().anyMatch(Place::isMixed)) {
      return "an object now and then, another value at other times";
    }
    if (first.isArrayOfContainers()) {
      return "an array of objects or arrays, kept as JSON";
    }
    if (first.isObject()) {
      return "an object whose keys look like data, kept as JSON";
    }
    if (type.equals("text") && Names.isTime(name)) {
      return "named like a time, and not every value is one";
    }
    if (type.equals("bigint") && Names.isTime(name)) {
      return "named like a time, and not every number is one";
    }
    if (type.equals("text") && same.stream().anyMatch(Place::isNumericNowAndThen)) {
      return "a number now and then, another text at other times";
    }
    if (type.equals("double")) {
      return "rounded to 64 bits";
    }
    return same.size() > 1 ? "spelt in several ways" : "";
  }

  private static String name(Place place, Set<String> taken) {
    var name = Names.snake(place.keys());
    if (Projection.OWN_COLUMNS.contains(name)) {
      name = "payload_" + name;
    }
    return Names.free(name, taken);
  }
}
