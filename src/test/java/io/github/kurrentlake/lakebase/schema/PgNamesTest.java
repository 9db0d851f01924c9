package io.github.kurrentlake.lakebase.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PgNamesTest {

  @Test
  void aNameIsQuotedWhateverItIs() {
    assertThat(Identifier.of("select").sql()).isEqualTo("\"select\"");
    assertThat(Identifier.of("a\"b").sql()).isEqualTo("\"a\"\"b\"");
    assertThat(TableName.parse("app.Targets").sql()).isEqualTo("\"app\".\"Targets\"");
    assertThat(TableName.parse("targets").sql()).isEqualTo("\"public\".\"targets\"");
  }

  @Test
  void aNameThatPostgresWouldCutOrCannotKeepIsRefused() {
    assertThat(Identifier.of("ä".repeat(31) + "x").name()).hasSize(32);
    for (var name : new String[] {"", "x".repeat(64), "ä".repeat(32), "a\0b", "a\ud800"}) {
      assertThatThrownBy(() -> Identifier.of(name)).hasMessageContaining("KL-610");
    }
    assertThatThrownBy(() -> TableName.parse("a.b.c")).hasMessageContaining("KL-610");
    assertThatThrownBy(() -> TableName.parse(".b")).hasMessageContaining("KL-610");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NUMERIC( 12 , 2 ) | numeric(12,2)",
        "decimal(5) | numeric(5,0)",
        "numeric | numeric",
        "varchar(20) | character varying(20)",
        "int8 | bigint",
        "double precision | double precision",
        "TimestampTZ | timestamp with time zone",
        "jsonb | jsonb"
      })
  void aTypeIsReadAndShownAsPostgresShowsIt(String text, String shown) {
    assertThat(PgType.parse(text).sql()).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text; DROP TABLE x",
        "numeric(0,0)",
        "numeric(1001,2)",
        "numeric(5,6)",
        "varchar",
        "varchar(0)",
        "text(5)",
        "bigint(1)",
        "text NOT NULL",
        "text)",
        "numeric(12,2",
        "regclass"
      })
  void anythingElseIsNoType(String text) {
    assertThatThrownBy(() -> PgType.parse(text)).hasMessageContaining("KL-611");
  }
}
