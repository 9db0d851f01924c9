package io.github.kurrentlake.source;

import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A condition on one event, made of typed parts only: names that KurrentDB gave, numbers, and texts
 * that are quoted here. With NULL it answers what Spark's own condition would.
 */
final class Condition implements Serializable {
  private final String sql;

  private Condition(String sql) {
    this.sql = sql;
  }

  /** The comparisons that mean the same in Spark and KurrentDB. */
  enum Comparison {
    EQUAL("="),
    NOT_EQUAL("<>"),
    EQUAL_OR_BOTH_NULL("IS NOT DISTINCT FROM"),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">=");

    private final String operator;

    Comparison(String operator) {
      this.operator = operator;
    }

    /** The same comparison with its sides exchanged. */
    Comparison flipped() {
      return switch (this) {
        case LESS -> GREATER;
        case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
        case GREATER -> LESS;
        case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
        case EQUAL, NOT_EQUAL, EQUAL_OR_BOTH_NULL -> this;
      };
    }
  }

  /** The functions on texts that mean the same in Spark and KurrentDB. */
  enum TextTest {
    STARTS_WITH("starts_with"),
    ENDS_WITH("ends_with"),
    CONTAINS("contains");

    private final String function;

    TextTest(String function) {
      this.function = function;
    }
  }

  static Condition equal(String column, String text) {
    return new Condition(Quoted.identifier(column) + " = " + Quoted.literal(text));
  }

  static Condition above(long position) {
    return new Condition(RecordColumns.LOG_POSITION + " > " + position);
  }

  static Condition through(long position) {
    return new Condition(RecordColumns.LOG_POSITION + " <= " + position);
  }

  static Condition createdSince(long milliseconds) {
    return new Condition(RecordColumns.CREATED_AT + " >= " + milliseconds);
  }

  /** An expression over the index's columns is one of these numbers. */
  static Condition isAnyOf(String expression, Collection<Long> numbers) {
    return new Condition(
        numbers.stream()
            .map(String::valueOf)
            .collect(Collectors.joining(", ", expression + " IN (", ")")));
  }

  static Condition compare(String column, Comparison comparison, Operand operand) {
    return new Condition(
        "%s %s %s".formatted(Quoted.identifier(column), comparison.operator, operand.sql()));
  }

  static Condition in(String column, List<Operand> operands) {
    return new Condition(
        operands.stream()
            .map(Operand::sql)
            .collect(Collectors.joining(", ", Quoted.identifier(column) + " IN (", ")")));
  }

  static Condition test(TextTest test, String column, String text) {
    return new Condition(
        "%s(%s, %s)".formatted(test.function, Quoted.identifier(column), Quoted.literal(text)));
  }

  static Condition isNull(String column) {
    return new Condition(Quoted.identifier(column) + " IS NULL");
  }

  static Condition isNotNull(String column) {
    return new Condition(Quoted.identifier(column) + " IS NOT NULL");
  }

  /** False for every value, and NULL for NULL, as any comparison that no value can meet. */
  static Condition unmet(String column) {
    return new Condition("%1$s <> %1$s".formatted(Quoted.identifier(column)));
  }

  static Condition not(Condition condition) {
    return new Condition("NOT (" + condition.sql + ")");
  }

  static Condition both(Condition one, Condition other) {
    return new Condition("(" + one.sql + " AND " + other.sql + ")");
  }

  static Condition either(Condition one, Condition other) {
    return new Condition("(" + one.sql + " OR " + other.sql + ")");
  }

  static Condition always(boolean value) {
    return new Condition(value ? "TRUE" : "FALSE");
  }

  /** A value to compare with. */
  sealed interface Operand {
    String sql();

    record Whole(long value) implements Operand {
      @Override
      public String sql() {
        return Long.toString(value);
      }
    }

    record Truth(boolean value) implements Operand {
      @Override
      public String sql() {
        return value ? "TRUE" : "FALSE";
      }
    }

    record Text(String value) implements Operand {
      @Override
      public String sql() {
        return Quoted.literal(value);
      }
    }

    record Null() implements Operand {
      @Override
      public String sql() {
        return "NULL";
      }
    }
  }

  @Override
  public String toString() {
    return sql;
  }
}
