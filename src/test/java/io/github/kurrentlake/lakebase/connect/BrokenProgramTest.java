package io.github.kurrentlake.lakebase.connect;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.settings.Secret;
import io.github.kurrentlake.testing.Postgres;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What keeps a login from being tried at all is not taken for a server that does not answer. */
class BrokenProgramTest {

  /** As a library that the class path has in another version. */
  private static final class Library {
    private static final ConnectionInfo INFO = load();

    private static ConnectionInfo load() {
      throw new IllegalStateException("no such cipher");
    }
  }

  @Test
  void aClassThatFailsIsNamedWithItsCauseTheFirstTimeAndEachNext() {
    var connections = Connections.to(() -> Library.INFO);
    for (var time = 0; time < 2; time++) {
      assertThatThrownBy(() -> connections.open("test"))
          .hasMessageStartingWith("KL-619")
          .hasMessageContaining("no such cipher");
    }
    assertThatThrownBy(() -> ConnectionPool.of(connections, "test").borrow())
        .hasMessageStartingWith("KL-619")
        .hasMessageContaining("no such cipher");
  }

  @Test
  void anEmptyPasswordIsARefusedLogin() {
    var info = Postgres.database(BrokenProgramTest.class).fetch();
    var connections =
        Connections.to(() -> new ConnectionInfo(info.address(), Secret.of(""), Instant.MAX));
    assertThatThrownBy(() -> connections.open("test")).hasMessageStartingWith("KL-602");
  }
}
