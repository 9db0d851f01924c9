package io.github.kurrentlake.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

class RecordsSqlTest {
  private static final Selection SELECTION = Selection.category("loan'Request");
  private static final PositionRange RANGE = new PositionRange(-1, 900, 3);

  @Test
  void questionsForPlanningTouchTheIndexOnly() {
    assertThat(
            List.of(
                RecordsSql.next(SELECTION, 10),
                RecordsSql.measure(SELECTION),
                RecordsSql.slices(SELECTION, -1, 100),
                RecordsSql.events(SELECTION, 10),
                RecordsSql.any()))
        .allSatisfy(sql -> assertThat(sql).doesNotContain("data"));
  }

  @Test
  void eventsAreReadUnsortedWithTheirPosition() {
    assertThat(
            RecordsSql.read(
                List.of(
                    new SourceColumn("data", DataTypes.StringType),
                    new SourceColumn("created_at", DataTypes.TimestampType)),
                SELECTION,
                RANGE))
        .isEqualTo(
            "SELECT \"data\" AS \"data\", epoch_ms(\"created_at\") AS \"created_at\","
                + " \"log_position\" AS \"log_position\" FROM kdb.records"
                + " WHERE \"category\" = 'loan''Request'"
                + " AND log_position > -1 AND log_position <= 900");
  }

  @Test
  void aNameIsQuoted() {
    assertThat(new SourceColumn("a\"b", DataTypes.StringType).expression()).isEqualTo("\"a\"\"b\"");
    assertThat(LogTable.userIndex("by-country").toString()).isEqualTo("usr.\"by-country\"");
  }
}
