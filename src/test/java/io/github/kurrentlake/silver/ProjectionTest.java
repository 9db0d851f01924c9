package io.github.kurrentlake.silver;

import static io.github.kurrentlake.payload.Field.integer;
import static io.github.kurrentlake.payload.Field.text;
import static io.github.kurrentlake.payload.Field.timestamp;
import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProjectionTest {
  @Test
  void aFingerprintFollowsEverythingThatCanChangeARow() {
    var name = text("name", "Name", "Of the user");
    var time = timestamp("name", "Name", "Of the user");
    var base = Projection.of("p", "One row", "P").fields(name);
    assertThat(
            List.of(
                Projection.of("q", "One row", "P").fields(name),
                Projection.of("p", "One row", "P", "Q").fields(name),
                base.fields(name.or("User")),
                base.fields(name.required()),
                base.fields(name.orFromStream()),
                base.fields(name.nullIfBad()),
                base.fields(integer("name", "Name", "Of the user")),
                base.fields(time),
                base.fields(time.calendarDigits("yyyyMMdd")),
                base.fields(time.calendarDigits("yyyyddMM")),
                base.fields(text("name", "Na\\.me", "Of the user")),
                base.fields(name, name)))
        .extracting(projection -> projection.fingerprint(UTC))
        .doesNotHaveDuplicates()
        .doesNotContain(base.fingerprint(UTC));
    assertThat(base.fields(time).fingerprint(ZoneId.of("UTC")))
        .isEqualTo(base.fields(time).fingerprint(UTC))
        .isNotEqualTo(base.fields(time).fingerprint(ZoneId.of("Europe/Berlin")));
    assertThat(
            Projection.of("p", "Reworded", "P")
                .fields(text("name", "Name", "Too"))
                .fingerprint(UTC))
        .isEqualTo(base.fingerprint(UTC))
        .isEqualTo(base.fingerprint(ZoneId.of("Europe/Berlin")))
        .matches("[0-9a-f]{64}");
  }
}
