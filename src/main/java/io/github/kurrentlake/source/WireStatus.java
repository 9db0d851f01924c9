package io.github.kurrentlake.source;

import io.github.kurrentlake.error.Causes;
import io.grpc.Status;
import java.util.Optional;
import org.apache.arrow.adbc.core.AdbcException;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;

/**
 * The gRPC status of a failed call. Arrow's client and the ADBC driver each put a status of their
 * own in its place and drop the exception that held it, so it is made again from what is left.
 */
final class WireStatus {
  /** The entitlement that the licence error names; its code is lost on the way. */
  private static final String ENTITLEMENT = "ARROW_FLIGHT_SQL";

  private WireStatus() {}

  static Status of(Throwable failure) {
    var direct = Status.fromThrowable(failure);
    var status =
        direct.getCode() != Status.Code.UNKNOWN
            ? direct
            : Causes.of(failure)
                .map(WireStatus::translated)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(direct);
    var described = String.valueOf(status.getDescription());
    return described.contains(ENTITLEMENT)
        ? Status.FAILED_PRECONDITION.withDescription(described)
        : status;
  }

  private static Optional<Status> translated(Throwable cause) {
    if (cause instanceof FlightRuntimeException flight) {
      return Optional.of(
          code(flight.status().code()).withDescription(flight.status().description()));
    }
    if (cause instanceof AdbcException adbc) {
      return Optional.of(code(adbc).withDescription(adbc.getMessage()));
    }
    return Optional.empty();
  }

  private static Status code(FlightStatusCode code) {
    return switch (code) {
      case OK -> Status.OK;
      case UNKNOWN -> Status.UNKNOWN;
      case INTERNAL -> Status.INTERNAL;
      case INVALID_ARGUMENT -> Status.INVALID_ARGUMENT;
      case TIMED_OUT -> Status.DEADLINE_EXCEEDED;
      case NOT_FOUND -> Status.NOT_FOUND;
      case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
      case CANCELLED -> Status.CANCELLED;
      case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
      case UNAUTHORIZED -> Status.PERMISSION_DENIED;
      case UNIMPLEMENTED -> Status.UNIMPLEMENTED;
      case UNAVAILABLE -> Status.UNAVAILABLE;
      case RESOURCE_EXHAUSTED -> Status.RESOURCE_EXHAUSTED;
    };
  }

  private static Status code(AdbcException failure) {
    return switch (failure.getStatus()) {
      case INTERNAL -> Status.INTERNAL;
      case INVALID_ARGUMENT -> Status.INVALID_ARGUMENT;
      case TIMEOUT -> Status.DEADLINE_EXCEEDED;
      case NOT_FOUND -> Status.NOT_FOUND;
      case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
      case CANCELLED -> Status.CANCELLED;
      case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
      case UNAUTHORIZED -> Status.PERMISSION_DENIED;
      case NOT_IMPLEMENTED -> Status.UNIMPLEMENTED;
      case IO -> Status.UNAVAILABLE;
      case UNKNOWN, INVALID_STATE, INVALID_DATA, INTEGRITY -> Status.UNKNOWN;
    };
  }
}
