package io.github.kurrentlake.lakebase.connect;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Postgres' errors as those of the catalogue. Values of rows are not shown: the message of a data
 * exception (class 22) quotes the value, and so does every detail; tables, columns and constraints
 * are named.
 */
public final class PostgresErrors {
  private static final String DATA = "22";

  private PostgresErrors() {}

  /** The error that a failed connection or statement is. */
  public static KurrentlakeException known(SQLException e, ConnectionInfoProvider lakebase) {
    var failure =
        e.getNextException() == null || serverMessage(e).isPresent() ? e : e.getNextException();
    var state = SqlState.of(failure);
    var error = code(failure, state).error().with("lakebase", lakebase);
    serverMessage(failure).ifPresent(message -> name(error, message));
    if (!state.isEmpty()) {
      error.with("sqlstate", state);
    }
    if (state.startsWith(DATA)) {
      return error
          .with("reason", "a value that its column cannot hold")
          .causedBy(withoutText(failure));
    }
    return error.with("reason", reason(failure)).causedBy(failure);
  }

  /** What depends on the table that a statement would drop: a detail that names no value. */
  public static String dependents(SQLException e) {
    return serverMessage(e)
        .map(ServerErrorMessage::getDetail)
        .orElseGet(() -> String.valueOf(e.getMessage()))
        .replace('\n', ';');
  }

  private static ErrorCode code(SQLException e, String state) {
    if (Causes.include(e, SSLException.class) || isRefusedTls(e)) {
      return ErrorCode.LAKEBASE_NOT_TRUSTED;
    }
    if (state.equals(SqlState.REJECTED) && serverMessage(e).isEmpty()) {
      // The driver has no password for the login that the server asks for.
      return ErrorCode.LAKEBASE_LOGIN_REFUSED;
    }
    return switch (state) {
      case SqlState.NO_SUCH_DATABASE -> ErrorCode.NO_SUCH_LAKEBASE;
      case SqlState.NO_PRIVILEGE -> ErrorCode.LAKEBASE_DENIED;
      case SqlState.LOCK_NOT_AVAILABLE, SqlState.DEADLOCK, SqlState.SERIALIZATION ->
          ErrorCode.LAKEBASE_LOCKED;
      case SqlState.UNIQUE, SqlState.EXCLUSION -> ErrorCode.UNIQUE_VIOLATED;
      case SqlState.FOREIGN_KEY -> ErrorCode.FOREIGN_KEY_VIOLATED;
      case SqlState.NOT_NULL -> ErrorCode.NOT_NULL_VIOLATED;
      case SqlState.CHECK -> ErrorCode.CHECK_VIOLATED;
      default -> ofClass(state.length() < 2 ? "" : state.substring(0, 2));
    };
  }

  private static ErrorCode ofClass(String stateClass) {
    return switch (stateClass) {
      case "28" -> ErrorCode.LAKEBASE_LOGIN_REFUSED;
      // Connection, too many connections, operator intervention.
      case "08", "53", "57" -> ErrorCode.LAKEBASE_UNREACHABLE;
      default -> ErrorCode.LAKEBASE_FAILED;
    };
  }

  /** The driver finds a server without TLS, or a certificate of another name, by itself. */
  private static boolean isRefusedTls(SQLException e) {
    var text = String.valueOf(e.getMessage());
    return serverMessage(e).isEmpty()
        && (text.contains("SSL") || text.contains("hostnameverifier"));
  }

  private static void name(KurrentlakeException error, ServerErrorMessage message) {
    name(error, "table", message.getTable());
    name(error, "column", message.getColumn());
    name(error, "constraint", message.getConstraint());
  }

  private static void name(KurrentlakeException error, String what, String value) {
    if (value != null) {
      error.with(what, value);
    }
  }

  private static String reason(SQLException e) {
    return serverMessage(e)
        .map(ServerErrorMessage::getMessage)
        .orElseGet(() -> String.valueOf(e.getMessage()))
        .lines()
        .findFirst()
        .orElse("");
  }

  private static Optional<ServerErrorMessage> serverMessage(SQLException e) {
    return e instanceof PSQLException postgres
        ? Optional.ofNullable(postgres.getServerErrorMessage())
        : Optional.empty();
  }

  private static SQLException withoutText(SQLException e) {
    var copy = new SQLException("the text is left out since it quotes a value", e.getSQLState());
    copy.setStackTrace(e.getStackTrace());
    return copy;
  }
}
