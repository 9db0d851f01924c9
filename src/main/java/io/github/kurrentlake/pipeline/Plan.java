package io.github.kurrentlake.pipeline;

import static org.apache.spark.sql.functions.col;

import io.github.kurrentlake.gold.Gold;
import io.github.kurrentlake.gold.GoldTable;
import io.github.kurrentlake.gold.Pipeline;
import io.github.kurrentlake.silver.MadeBy;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.silver.QuarantineTable;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.Lakehouse;
import io.github.kurrentlake.table.TableDeclaration;
import io.github.kurrentlake.table.TableSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;

/** What the next run of a pipeline would do. Nothing is written. */
final class Plan {
  private final SparkSession spark;
  private final Lakehouse lakehouse;
  private final Pipeline pipeline;
  private final List<Planned> planned = new ArrayList<>();

  private Plan(SparkSession spark, Lakehouse lakehouse, Pipeline pipeline) {
    this.spark = spark;
    this.lakehouse = lakehouse;
    this.pipeline = pipeline;
  }

  static List<Planned> of(SparkSession caller, Lakehouse lakehouse, Pipeline pipeline) {
    var plan = new Plan(TableSession.of(caller), lakehouse, pipeline);
    plan.look();
    return List.copyOf(plan.planned);
  }

  private void look() {
    var lifecycle = pipeline.lifecycle();
    var silver =
        lifecycle.projections().stream()
            .collect(Collectors.toMap(one -> one.table().qualifiedName(), one -> one));
    var gold = lifecycle.tables().stream().map(GoldTable::table).toList();
    var hasAll = true;
    for (var table : Stream.concat(lifecycle.sources().stream(), gold.stream()).toList()) {
      if (!lakehouse.table(table).exists(spark)) {
        hasAll = false;
        add(table, "is made, with %d columns".formatted(table.columns().size()));
        continue;
      }
      lookAtColumns(table);
      Optional.ofNullable(silver.get(table.qualifiedName())).ifPresent(this::lookAtRows);
    }
    if (hasAll) {
      for (var table : gold) {
        Gold.reasonToRebuild(spark, lakehouse, lifecycle, table)
            .ifPresent(reason -> add(table, "is rebuilt: " + reason));
      }
    }
  }

  private void lookAtColumns(TableDeclaration declaration) {
    var found =
        Arrays.stream(lakehouse.table(declaration).read(spark).schema().fields())
            .collect(
                Collectors.toMap(
                    field -> field.name().toLowerCase(Locale.ROOT), StructField::dataType));
    for (var column : declaration.columns()) {
      lookAt(declaration, column, found);
    }
    var declared =
        declaration.columns().stream()
            .map(column -> column.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    found.keySet().stream()
        .filter(name -> !declared.contains(name))
        .sorted()
        .forEach(name -> add(declaration, "keeps the column " + name + ", which is not declared"));
  }

  private void lookAt(TableDeclaration declaration, Column column, Map<String, DataType> found) {
    var type = found.get(column.name().toLowerCase(Locale.ROOT));
    if (type == null) {
      add(declaration, "gets the column %s %s".formatted(column.name(), column.type()));
    } else if (!type.equals(DataType.fromDDL(column.type()))) {
      planned.add(
          new Planned(
              declaration.qualifiedName().toString(),
              "is refused: %s is %s there and %s in the declaration; give it another name, then replay"
                  .formatted(column.name(), type.sql(), column.type()),
              true));
    }
  }

  private void lookAtRows(Projection projection) {
    var table = lakehouse.table(projection.table());
    var fingerprint = projection.fingerprint(pipeline.zone());
    var rows = table.read(spark).count();
    if (rows > 0 && !MadeBy.of(spark, table).equals(Optional.of(fingerprint))) {
      add(
          projection.table(),
          "was declared otherwise when its %,d rows were written; new events are read anew, and replay --projection=%s reads the others again"
              .formatted(rows, projection.name()));
    }
    var quarantine = lakehouse.table(QuarantineTable.DECLARATION);
    var redriven =
        quarantine.exists(spark)
            ? quarantine
                .read(spark)
                .filter(col("projection").equalTo(projection.name()))
                .filter(col("state").equalTo(QuarantineTable.OPEN))
                .filter(col("fingerprint").notEqual(fingerprint))
                .count()
            : 0;
    if (redriven > 0) {
      add(projection.table(), "tries %,d events of quarantine again".formatted(redriven));
    }
  }

  private void add(TableDeclaration table, String what) {
    planned.add(new Planned(table.qualifiedName().toString(), what, false));
  }
}
