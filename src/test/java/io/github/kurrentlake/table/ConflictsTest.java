package io.github.kurrentlake.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.util.ConcurrentModificationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkThrowable;
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

  /** As a process meets it that makes a table which another one has only begun to make. */
  @Test
  void aTableThatAnotherProcessHasBegunToMakeIsAConflict() {
    assertThatThrownBy(() -> Conflicts.retried(() -> fail(new Begun())))
        .isInstanceOfSatisfying(
            KurrentlakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.TABLE_CONTENDED));
    assertThat(attempts).hasValue(5);
  }

  private static final class Begun extends Exception implements SparkThrowable {
    @Override
    public String getCondition() {
      return "DELTA_CREATE_TABLE_WITH_NON_EMPTY_LOCATION";
    }
  }

  /** Throws as Scala does, whose compiler knows no checked exceptions. */
  @SuppressWarnings("unchecked")
  private <E extends Exception> String fail(Exception failure) throws E {
    attempts.incrementAndGet();
    throw (E) failure;
  }
}
