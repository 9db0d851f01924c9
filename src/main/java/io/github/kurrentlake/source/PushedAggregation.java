package io.github.kurrentlake.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.aggregate.AggregateFunc;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.Count;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.expressions.aggregate.Max;
import org.apache.spark.sql.connector.expressions.aggregate.Min;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Counts, minima and maxima that KurrentDB answers from its index.
 *
 * @param groups the columns to group by
 * @param results the groups and behind them the aggregates, as Spark expects them, with their SQL
 */
record PushedAggregation(List<String> groups, List<Result> results) {

  /** One column of the answer. */
  record Result(SourceColumn column, String expression) {}

  /** Empty unless KurrentDB can answer all of it. */
  static Optional<PushedAggregation> of(Aggregation wanted, LogTable table, StructType schema) {
    var groups = new ArrayList<String>();
    var results = new ArrayList<Result>();
    for (var expression : wanted.groupByExpressions()) {
      var column = column(expression, table, schema);
      if (column.isEmpty()) {
        return Optional.empty();
      }
      groups.add(Quoted.identifier(column.get().name()));
      results.add(new Result(column.get(), column.get().expression()));
    }
    for (var function : wanted.aggregateExpressions()) {
      var result = result(function, table, schema);
      if (result.isEmpty()) {
        return Optional.empty();
      }
      results.add(result.get());
    }
    return Optional.of(new PushedAggregation(List.copyOf(groups), List.copyOf(results)));
  }

  List<SourceColumn> columns() {
    return results.stream().map(Result::column).toList();
  }

  /** The statement; its columns have numbers for names, which no column of KurrentDB has. */
  String sql(Selection selection) {
    var expressions = new ArrayList<String>();
    for (var i = 0; i < results.size(); i++) {
      expressions.add(results.get(i).expression() + " AS " + Quoted.identifier(String.valueOf(i)));
    }
    var grouping = groups.isEmpty() ? "" : " GROUP BY " + String.join(", ", groups);
    return "SELECT " + String.join(", ", expressions) + " " + selection.sql() + grouping;
  }

  String describe() {
    var functions =
        results.stream()
            .skip(groups.size())
            .map(result -> result.column().name())
            .collect(Collectors.joining(", "));
    return groups.isEmpty() ? functions : functions + " by " + String.join(", ", groups);
  }

  private static Optional<Result> result(
      AggregateFunc function, LogTable table, StructType schema) {
    if (function instanceof CountStar) {
      return Optional.of(new Result(new SourceColumn("count(*)", DataTypes.LongType), "count(*)"));
    }
    if (function instanceof Count count && !count.isDistinct()) {
      return column(count.column(), table, schema)
          .map(
              column -> {
                var sql = "count(" + Quoted.identifier(column.name()) + ")";
                return new Result(
                    new SourceColumn("count(" + column.name() + ")", DataTypes.LongType), sql);
              });
    }
    if (function instanceof Min min) {
      return extreme("min", min.column(), table, schema);
    }
    return function instanceof Max max
        ? extreme("max", max.column(), table, schema)
        : Optional.empty();
  }

  private static Optional<Result> extreme(
      String function, Expression expression, LogTable table, StructType schema) {
    return column(expression, table, schema)
        .map(
            column -> {
              var extreme = function + "(" + Quoted.identifier(column.name()) + ")";
              var sql =
                  column.type() instanceof TimestampType ? "epoch_ms(" + extreme + ")" : extreme;
              return new Result(
                  new SourceColumn(function + "(" + column.name() + ")", column.type()), sql);
            });
  }

  private static Optional<SourceColumn> column(
      Expression expression, LogTable table, StructType schema) {
    if (!(expression instanceof NamedReference reference) || reference.fieldNames().length != 1) {
      return Optional.empty();
    }
    var name = reference.fieldNames()[0];
    if (!table.isIndexed(name) || !Arrays.asList(schema.fieldNames()).contains(name)) {
      return Optional.empty();
    }
    return Optional.of(new SourceColumn(name, schema.apply(name).dataType()))
        .filter(
            column ->
                column.type() instanceof LongType
                    || column.type() instanceof IntegerType
                    || column.type() instanceof TimestampType
                    || column.type().equals(DataTypes.StringType));
  }
}
