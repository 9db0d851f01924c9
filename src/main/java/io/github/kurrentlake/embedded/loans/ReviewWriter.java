package io.github.kurrentlake.embedded.loans;

import io.github.kurrentlake.lakebase.connect.Connections;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.Callable;

/**
 * A person who reviews loans in the application, in transactions of all kinds: short ones, ones
 * that commit long after they wrote, ones that are rolled back wholly or to a savepoint, and
 * deletions. Gives the number of transactions that it committed.
 *
 * @param end when it begins no further transaction, of {@link System#nanoTime}
 */
record ReviewWriter(int number, Connections connections, long end) implements Callable<Integer> {
  private static final int LOANS = 40;
  private static final int MOST_STATEMENTS = 4;

  @Override
  public Integer call() throws SQLException {
    var random = new Random(number);
    var committed = 0;
    try (var connection = connections.open("kurrentlake-demo-writer")) {
      connection.setAutoCommit(false);
      while (System.nanoTime() - end < 0) {
        for (var left = 1 + random.nextInt(MOST_STATEMENTS); left > 0; left--) {
          change(connection, random);
        }
        committed += end(connection, random);
      }
    }
    return committed;
  }

  private int end(Connection connection, Random random) throws SQLException {
    switch (random.nextInt(10)) {
      case 0 -> {
        connection.rollback();
        return 0;
      }
      case 1 -> {
        var savepoint = connection.setSavepoint();
        change(connection, random);
        connection.rollback(savepoint);
      }
      // Written now, to be seen by others only when they have gone on.
      case 2 -> wait(connection, 0.3);
      default -> wait(connection, 0.005);
    }
    connection.commit();
    return 1;
  }

  private void change(Connection connection, Random random) throws SQLException {
    switch (random.nextInt(8)) {
      case 0 -> delete(connection);
      case 1, 2, 3 -> update(connection, random);
      default -> insert(connection, random);
    }
  }

  private void insert(Connection connection, Random random) throws SQLException {
    var sql = "INSERT INTO app.loan_review (stream, reviewer, offered_amount) VALUES (?, ?, ?)";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, "loanRequest-%04d".formatted(random.nextInt(LOANS)));
      statement.setString(2, reviewer());
      statement.setBigDecimal(3, BigDecimal.valueOf(100_000 + random.nextInt(900_000), 2));
      statement.executeUpdate();
    }
  }

  private void update(Connection connection, Random random) throws SQLException {
    // Everybody changes only what is theirs, so that no two wait for each other.
    var sql =
        """
        UPDATE app.loan_review SET status = ?, updated_at = clock_timestamp()
        WHERE review_id = (
          SELECT max(review_id) FROM app.loan_review WHERE reviewer = ? AND status = 'open')\
        """;
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, random.nextBoolean() ? "approved" : "denied");
      statement.setString(2, reviewer());
      statement.executeUpdate();
    }
  }

  private void delete(Connection connection) throws SQLException {
    var sql =
        """
        DELETE FROM app.loan_review
        WHERE review_id = (SELECT min(review_id) FROM app.loan_review WHERE reviewer = ?)\
        """;
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, reviewer());
      statement.executeUpdate();
    }
  }

  private static void wait(Connection connection, double seconds) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT pg_sleep(?)")) {
      statement.setDouble(1, seconds);
      statement.execute();
    }
  }

  private String reviewer() {
    return "reviewer " + number;
  }
}
