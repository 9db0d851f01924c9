package io.github.kurrentlake.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final Setting<Long> SIZE = Setting.number("batch-size", 1, "Size").fallback("7");
  private static final Setting<String> NAME = Setting.text("name", "Name");
  private static final Setting<String> NICKNAME = Setting.text("nickname", "Name").optional();

  @Test
  void anOptionOutranksItsVariableAndThatTheDefault() {
    assertThat(settings(Map.of()).get(SIZE)).isEqualTo(7);
    assertThat(settings(Map.of("KURRENTLAKE_BATCH_SIZE", "8")).get(SIZE)).isEqualTo(8);
    assertThat(settings(Map.of("KURRENTLAKE_BATCH_SIZE", "8"), "--batch-size", "9").get(SIZE))
        .isEqualTo(9);
    assertThat(settings(Map.of(), "--batch-size=9").get(SIZE)).isEqualTo(9);
  }

  @Test
  void anEmptyValueCountsAsNotGiven() {
    assertThat(settings(Map.of(), "--batch-size=").get(SIZE)).isEqualTo(7);
    assertThat(settings(Map.of("KURRENTLAKE_BATCH_SIZE", "")).get(SIZE)).isEqualTo(7);
  }

  @Test
  void whatMayBeLeftOutIsFoundOrNot() {
    assertThat(settings(Map.of()).find(NICKNAME)).isEmpty();
    assertThat(settings(Map.of(), "--nickname=Al").find(NICKNAME)).contains("Al");
  }

  @Test
  void kindsReadWhatTheySayAndNothingElse() {
    assertThat(Setting.choice("unit", TimeUnit.class, "Unit").description())
        .startsWith("Unit: nanoseconds, ")
        .endsWith(", hours or days");
    assertThat(Setting.choice("unit", TimeUnit.class, "Unit").parse("Days"))
        .isEqualTo(TimeUnit.DAYS);
    assertThat(Setting.names("key", "Key").parse("a, b")).containsExactly("a", "b");
    assertThat(Setting.bytes("size", "Size").parse("2k")).isEqualTo(2048);
    assertThat(Setting.duration("wait", "Wait").parse("90s")).isEqualTo(Duration.ofSeconds(90));
    for (var bad : List.of("", "0s", "-1s", "5", "1.5s", "s")) {
      assertThatThrownBy(() -> Setting.duration("wait", "Wait").parse(bad))
          .hasMessageContaining("KL-102")
          .hasMessageContaining("a duration such as 200ms, 30s or 5m");
    }
    assertThatThrownBy(() -> Setting.bytes("size", "Size").parse("1.5g"))
        .hasMessageContaining("a size such as 512m or 1g");
    assertThatThrownBy(() -> Setting.names("key", "Key").parse("a,,b"))
        .hasMessageContaining("names with commas between");
    assertThatThrownBy(() -> Setting.flag("rebuild", "Whether").parse("maybe"))
        .hasMessageContaining("yes or no");
  }

  @Test
  void anOptionOfASourceHasDashesAsASettingOfATask() {
    assertThat(Setting.text("maxRowsPerTrigger", "Rows").ofTask())
        .extracting(Setting::name, Setting::variable)
        .containsExactly("max-rows-per-trigger", "KURRENTLAKE_MAX_ROWS_PER_TRIGGER");
  }

  @Test
  void whatCannotBeUsedIsNamed() {
    assertThatThrownBy(() -> settings(Map.of(), "--size", "9"))
        .hasMessageContaining("KL-101")
        .hasMessageContaining("--size")
        .hasMessageContaining("--batch-size");
    assertThatThrownBy(() -> settings(Map.of(), "--batch-size")).hasMessageContaining("KL-102");
    assertThatThrownBy(() -> settings(Map.of(), "--batch-size=0"))
        .hasMessageContaining("KL-102")
        .hasMessageContaining("at least 1");
    assertThatThrownBy(() -> settings(Map.of(), "--batch-size=many"))
        .hasMessageContaining("a whole number");
    assertThatThrownBy(() -> Settings.parse(List.of(NAME), List.of(), name -> Optional.empty()))
        .hasMessageContaining("KL-103")
        .hasMessageContaining("KURRENTLAKE_NAME");
  }

  @Test
  void aSecretIsNotShown() {
    assertThat(Secret.of("canary")).hasToString("******");
    assertThat(Secret.of("canary").reveal()).isEqualTo("canary");
  }

  private static Settings settings(Map<String, String> variables, String... arguments) {
    Environment none = name -> Optional.empty();
    return Settings.parse(List.of(SIZE, NICKNAME), List.of(arguments), none.with(variables));
  }
}
