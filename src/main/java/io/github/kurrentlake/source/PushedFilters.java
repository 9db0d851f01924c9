package io.github.kurrentlake.source;

import io.github.kurrentlake.source.Condition.Comparison;
import io.github.kurrentlake.source.Condition.Operand;
import io.github.kurrentlake.source.Condition.TextTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Translates Spark's predicates. What is translated means exactly the same to KurrentDB, NULL
 * included, so that negations may be translated too; the rest is left to Spark.
 */
final class PushedFilters {
  private static final long MICROS_PER_MILLI = 1_000;
  private static final Map<String, Comparison> COMPARISONS =
      Map.of(
          "=", Comparison.EQUAL,
          "<>", Comparison.NOT_EQUAL,
          "<=>", Comparison.EQUAL_OR_BOTH_NULL,
          "<", Comparison.LESS,
          "<=", Comparison.LESS_OR_EQUAL,
          ">", Comparison.GREATER,
          ">=", Comparison.GREATER_OR_EQUAL);
  private static final Map<String, TextTest> TEXT_TESTS =
      Map.of(
          "STARTS_WITH", TextTest.STARTS_WITH,
          "ENDS_WITH", TextTest.ENDS_WITH,
          "CONTAINS", TextTest.CONTAINS);

  private final LogTable table;
  private final StructType schema;

  PushedFilters(LogTable table, StructType schema) {
    this.table = table;
    this.schema = schema;
  }

  /** What KurrentDB can be asked instead; empty when Spark has to do it. */
  Optional<Condition> translate(Predicate predicate) {
    var children = predicate.children();
    return switch (predicate.name()) {
      case "AND" -> pair(children).map(pair -> Condition.both(pair.get(0), pair.get(1)));
      case "OR" -> pair(children).map(pair -> Condition.either(pair.get(0), pair.get(1)));
      case "NOT" -> child(children[0]).map(Condition::not);
      case "ALWAYS_TRUE" -> Optional.of(Condition.always(true));
      case "ALWAYS_FALSE" -> Optional.of(Condition.always(false));
      case "IS_NULL" -> column(children[0]).map(SourceColumn::name).map(Condition::isNull);
      case "IS_NOT_NULL" -> column(children[0]).map(SourceColumn::name).map(Condition::isNotNull);
      case "IN" -> in(children);
      case "STARTS_WITH", "ENDS_WITH", "CONTAINS" ->
          textTest(TEXT_TESTS.get(predicate.name()), children);
      case "=", "<>", "<=>", "<", "<=", ">", ">=" ->
          comparison(COMPARISONS.get(predicate.name()), children[0], children[1]);
      default -> Optional.empty();
    };
  }

  private Optional<List<Condition>> pair(Expression[] children) {
    return child(children[0])
        .flatMap(left -> child(children[1]).map(right -> List.of(left, right)));
  }

  private Optional<Condition> child(Expression expression) {
    return expression instanceof Predicate predicate ? translate(predicate) : Optional.empty();
  }

  /** The column, if KurrentDB answers for it from its index and both sides order it alike. */
  private Optional<SourceColumn> column(Expression expression) {
    if (!(expression instanceof NamedReference reference) || reference.fieldNames().length != 1) {
      return Optional.empty();
    }
    var name = reference.fieldNames()[0];
    if (!table.isIndexed(name) || !Arrays.asList(schema.fieldNames()).contains(name)) {
      return Optional.empty();
    }
    return Optional.of(new SourceColumn(name, schema.apply(name).dataType()))
        .filter(column -> isComparable(column.type()));
  }

  private static boolean isComparable(DataType type) {
    return type instanceof LongType
        || type instanceof IntegerType
        || type instanceof BooleanType
        || type instanceof TimestampType
        || type.equals(DataTypes.StringType);
  }

  private Optional<Condition> comparison(Comparison comparison, Expression left, Expression right) {
    if (left instanceof Literal<?> literal) {
      return column(right).flatMap(column -> compare(column, comparison.flipped(), literal));
    }
    return right instanceof Literal<?> literal
        ? column(left).flatMap(column -> compare(column, comparison, literal))
        : Optional.empty();
  }

  private static Optional<Condition> compare(
      SourceColumn column, Comparison comparison, Literal<?> literal) {
    if (column.type() instanceof TimestampType) {
      return literal.dataType() instanceof TimestampType && literal.value() instanceof Long micros
          ? Optional.of(compareTime(column.name(), comparison, micros))
          : Optional.empty();
    }
    return operand(column, literal)
        .map(operand -> Condition.compare(column.name(), comparison, operand));
  }

  /** KurrentDB counts milliseconds, so a time between two of them is rounded to the safe side. */
  private static Condition compareTime(String column, Comparison comparison, long micros) {
    var floor = Math.floorDiv(micros, MICROS_PER_MILLI);
    var ceiling = -Math.floorDiv(-micros, MICROS_PER_MILLI);
    var between = floor != ceiling;
    return switch (comparison) {
      case EQUAL ->
          between ? Condition.unmet(column) : compareMillis(column, Comparison.EQUAL, floor);
      case NOT_EQUAL ->
          between
              ? Condition.not(Condition.unmet(column))
              : compareMillis(column, Comparison.NOT_EQUAL, floor);
      case EQUAL_OR_BOTH_NULL ->
          between
              ? Condition.always(false)
              : compareMillis(column, Comparison.EQUAL_OR_BOTH_NULL, floor);
      case LESS, GREATER_OR_EQUAL -> compareMillis(column, comparison, ceiling);
      case LESS_OR_EQUAL, GREATER -> compareMillis(column, comparison, floor);
    };
  }

  private static Condition compareMillis(String column, Comparison comparison, long millis) {
    return Condition.compare(column, comparison, new Operand.Whole(millis));
  }

  private Optional<Condition> in(Expression[] children) {
    var column = column(children[0]);
    if (column.isEmpty()) {
      return Optional.empty();
    }
    var operands = new ArrayList<Operand>();
    for (var i = 1; i < children.length; i++) {
      if (!(children[i] instanceof Literal<?> literal)) {
        return Optional.empty();
      }
      var operand =
          column.get().type() instanceof TimestampType
              ? wholeMillis(literal)
              : operand(column.get(), literal);
      if (operand.isEmpty()) {
        return Optional.empty();
      }
      operands.add(operand.get());
    }
    return operands.isEmpty()
        ? Optional.empty()
        : Optional.of(Condition.in(column.get().name(), operands));
  }

  private static Optional<Operand> wholeMillis(Literal<?> literal) {
    return literal.dataType() instanceof TimestampType
            && literal.value() instanceof Long micros
            && micros % MICROS_PER_MILLI == 0
        ? Optional.of(new Operand.Whole(micros / MICROS_PER_MILLI))
        : Optional.empty();
  }

  private Optional<Condition> textTest(TextTest test, Expression[] children) {
    return children[1] instanceof Literal<?> literal
        ? column(children[0])
            .filter(column -> column.type() instanceof StringType)
            .flatMap(
                column ->
                    text(literal).map(text -> Condition.test(test, column.name(), text.value())))
        : Optional.empty();
  }

  private static Optional<Operand> operand(SourceColumn column, Literal<?> literal) {
    if (!column.type().equals(literal.dataType())) {
      return Optional.empty();
    }
    var value = literal.value();
    if (value == null) {
      return Optional.of(new Operand.Null());
    }
    if (value instanceof Long number) {
      return Optional.of(new Operand.Whole(number));
    }
    if (value instanceof Integer number) {
      return Optional.of(new Operand.Whole(number));
    }
    if (value instanceof Boolean truth) {
      return Optional.of(new Operand.Truth(truth));
    }
    return text(literal).map(text -> text);
  }

  /** Not a text with bytes that are no UTF-8, nor one with NUL, where some parsers stop. */
  private static Optional<Operand.Text> text(Literal<?> literal) {
    if (!(literal.value() instanceof UTF8String bytes)) {
      return Optional.empty();
    }
    var text = bytes.toString();
    return text.indexOf('\0') < 0 && UTF8String.fromString(text).equals(bytes)
        ? Optional.of(new Operand.Text(text))
        : Optional.empty();
  }
}
