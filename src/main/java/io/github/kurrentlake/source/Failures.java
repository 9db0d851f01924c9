package io.github.kurrentlake.source;

import com.google.common.base.Throwables;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.grpc.Status;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/**
 * What a failed call means. KurrentDB answers every query error with UNKNOWN and no reason, so
 * there the statement is all that can be shown.
 */
final class Failures {
  private Failures() {}

  static KurrentlakeException translate(Throwable failure, KurrentDb kurrentdb, String sql) {
    var chain = Throwables.getCausalChain(failure);
    for (var cause : chain) {
      if (cause instanceof KurrentlakeException known) {
        return known;
      }
    }
    var status = WireStatus.of(failure);
    var distrusted =
        chain.stream()
            .anyMatch(
                cause -> cause instanceof SSLException || cause instanceof CertificateException);
    var error = code(status, distrusted).error().with("endpoint", kurrentdb.endpoint());
    if (!sql.isEmpty()) {
      error.with("statement", sql);
    }
    if (status.getDescription() != null) {
      error.with("server", status.getCode() + ", " + status.getDescription());
    }
    return error.causedBy(failure);
  }

  private static ErrorCode code(Status status, boolean distrusted) {
    return switch (status.getCode()) {
      case UNAUTHENTICATED -> ErrorCode.UNAUTHENTICATED;
      case PERMISSION_DENIED -> ErrorCode.ACCESS_DENIED;
      case FAILED_PRECONDITION -> ErrorCode.NOT_LICENSED;
      case UNIMPLEMENTED -> ErrorCode.NO_FLIGHT_SQL;
      case UNAVAILABLE, DEADLINE_EXCEEDED ->
          distrusted ? ErrorCode.UNTRUSTED_CERTIFICATE : ErrorCode.UNREACHABLE;
      case OK,
          CANCELLED,
          UNKNOWN,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          RESOURCE_EXHAUSTED,
          ABORTED,
          OUT_OF_RANGE,
          INTERNAL,
          DATA_LOSS ->
          distrusted ? ErrorCode.UNTRUSTED_CERTIFICATE : ErrorCode.QUERY_FAILED;
    };
  }
}
