package io.github.kurrentlake.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.util.ConcurrentModificationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConflictsTest {
  private final AtomicInteger attempts = new AtomicInteger();

  @Test
  void aWriteInConflictIsTriedAgain() {
    var given =
        Conflicts.retried(
            () -> {
              if (attempts.incrementAndGet() < 3) {
                throw new IllegalStateException(new ConcurrentModificationException("other run"));
              }
              return "won";
            });

    assertThat(given).isEqualTo("won");
    assertThat(attempts).hasValue(3);
  }

  @Test
  void aWriteThatNeverWinsEndsWithAnError() {
    assertThatThrownBy(
            () -> Conflicts.retried(() -> fail(new ConcurrentModificationException("other run"))))
        .isInstanceOfSatisfying(
            KurrentlakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.TABLE_CONTENDED))
        .hasMessageContaining("other run");
    assertThat(attempts).hasValue(5);
  }

  @Test
  void anyOtherFailureIsNotRepeated() {
    var failure = new IllegalArgumentException("wrong");

    assertThatThrownBy(() -> Conflicts.retried(() -> fail(failure))).isSameAs(failure);
    assertThat(attempts).hasValue(1);
  }

  private String fail(RuntimeException failure) {
    attempts.incrementAndGet();
    throw failure;
  }
}
