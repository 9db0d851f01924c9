package io.github.kurrentlake.source;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.grpc.Status;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * What a failed call means. KurrentDB answers every query error with UNKNOWN and no reason, so
 * there the statement is all that can be shown.
 */
final class KurrentDbErrors {
  private KurrentDbErrors() {}

  static KurrentlakeException translate(Throwable failure, KurrentDb kurrentdb, String sql) {
    var ours = Causes.known(failure);
    if (ours.isPresent()) {
      return ours.get();
    }
    var status = WireStatus.of(failure);
    return error(code(status, failure), status, kurrentdb, sql).causedBy(failure);
  }

  /** The failure of a statement that KurrentDB accepts, by what was found out about it. */
  static KurrentlakeException of(
      ErrorCode code, Throwable failure, KurrentDb kurrentdb, String sql) {
    return error(code, WireStatus.of(failure), kurrentdb, sql).causedBy(failure);
  }

  /** Fewer events arrived than were counted. */
  static KurrentlakeException missing(KurrentDb kurrentdb, PositionRange range, long arrived) {
    return ErrorCode.EVENTS_MISSING
        .error()
        .with("endpoint", kurrentdb.endpoint())
        .with("log_position", "above %d through %d".formatted(range.above(), range.through()))
        .with("counted", range.events())
        .with("arrived", arrived);
  }

  private static KurrentlakeException error(
      ErrorCode code, Status status, KurrentDb kurrentdb, String sql) {
    var error = code.error().with("endpoint", kurrentdb.endpoint());
    if (!sql.isEmpty()) {
      error.with("statement", sql);
    }
    if (status.getDescription() != null) {
      error.with("server", status.getCode() + ", " + status.getDescription());
    }
    return error;
  }

  private static ErrorCode code(Status status, Throwable failure) {
    if (Causes.include(failure, OutOfMemoryException.class)) {
      return ErrorCode.RESULT_TOO_LARGE;
    }
    if (isDistrust(failure)) {
      return ErrorCode.UNTRUSTED_CERTIFICATE;
    }
    return switch (status.getCode()) {
      case UNAUTHENTICATED -> ErrorCode.UNAUTHENTICATED;
      case PERMISSION_DENIED -> ErrorCode.ACCESS_DENIED;
      case FAILED_PRECONDITION -> ErrorCode.NOT_LICENSED;
      case UNIMPLEMENTED -> ErrorCode.NO_FLIGHT_SQL;
      case UNAVAILABLE -> ErrorCode.UNREACHABLE;
      case DEADLINE_EXCEEDED -> ErrorCode.TIMED_OUT;
      case RESOURCE_EXHAUSTED -> ErrorCode.RESULT_TOO_LARGE;
      case CANCELLED, INTERNAL, ABORTED, DATA_LOSS -> ErrorCode.CONNECTION_BROKEN;
      case UNKNOWN ->
          Causes.include(failure, IOException.class)
              ? ErrorCode.CONNECTION_BROKEN
              : ErrorCode.QUERY_FAILED;
      case OK, INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, OUT_OF_RANGE -> ErrorCode.QUERY_FAILED;
    };
  }

  /**
   * Whether the two sides could not agree on who they are. Any later failure of TLS is a broken
   * connection: bytes that were changed on the way.
   */
  private static boolean isDistrust(Throwable failure) {
    return Causes.include(failure, CertificateException.class)
        || Causes.include(failure, SSLHandshakeException.class)
        || Causes.include(failure, NotSslRecordException.class);
  }
}
