package io.github.kurrentlake.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static final Setting<Long> SIZE = Setting.count("batch-size", "Size").fallback("7");
  private static final Setting<String> NAME = Setting.text("name", "Name");

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
    assertThatThrownBy(() -> settings(Map.of()).get(NAME))
        .hasMessageContaining("KL-103")
        .hasMessageContaining("KURRENTLAKE_NAME");
  }

  @Test
  void aSecretIsNotShown() {
    assertThat(Secret.of("canary")).hasToString("******");
    assertThat(Secret.of("canary").reveal()).isEqualTo("canary");
  }

  private static Settings settings(Map<String, String> variables, String... arguments) {
    Environment none = name -> java.util.Optional.empty();
    return Settings.parse(List.of(SIZE, NAME), List.of(arguments), none.with(variables));
  }
}
