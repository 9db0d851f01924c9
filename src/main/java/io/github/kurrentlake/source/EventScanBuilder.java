package io.github.kurrentlake.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownAggregates;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.types.StructType;

/** Collects what Spark wants of a read, as far as KurrentDB can do it. */
final class EventScanBuilder
    implements ScanBuilder,
        SupportsPushDownRequiredColumns,
        SupportsPushDownV2Filters,
        SupportsPushDownAggregates,
        SupportsPushDownLimit {
  private final LogRequest request;
  private final StructType schema;
  private final List<Condition> filters = new ArrayList<>();
  private final List<Predicate> pushed = new ArrayList<>();
  private StructType required;
  private OptionalLong limit = OptionalLong.empty();
  private Optional<PushedAggregation> aggregation = Optional.empty();

  EventScanBuilder(LogRequest request, StructType schema) {
    this.request = request;
    this.schema = schema;
    this.required = schema;
  }

  @Override
  public Predicate[] pushPredicates(Predicate[] predicates) {
    var translator = new PushedFilters(request.selection().table(), schema);
    var left = new ArrayList<Predicate>();
    for (var predicate : predicates) {
      var condition = translator.translate(predicate);
      if (condition.isPresent()) {
        filters.add(condition.get());
        pushed.add(predicate);
      } else {
        left.add(predicate);
      }
    }
    return left.toArray(Predicate[]::new);
  }

  @Override
  public Predicate[] pushedPredicates() {
    return pushed.toArray(Predicate[]::new);
  }

  @Override
  public boolean supportCompletePushDown(Aggregation wanted) {
    return PushedAggregation.of(wanted, request.selection().table(), schema).isPresent();
  }

  @Override
  public boolean pushAggregation(Aggregation wanted) {
    aggregation = PushedAggregation.of(wanted, request.selection().table(), schema);
    return aggregation.isPresent();
  }

  /** Spark still counts for itself: a range that is planned for a limit is read by one task. */
  @Override
  public boolean pushLimit(int events) {
    // Groups are not events.
    if (aggregation.isPresent()) {
      return false;
    }
    limit = OptionalLong.of(events);
    return true;
  }

  @Override
  public void pruneColumns(StructType columns) {
    required = columns;
  }

  @Override
  public Scan build() {
    var filtered = request.and(filters);
    return aggregation
        .<Scan>map(wanted -> new AggregateScan(filtered, wanted))
        .orElseGet(() -> new EventScan(filtered, SourceColumn.of(required), limit));
  }
}
