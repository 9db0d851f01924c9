package io.github.kurrentlake.embedded.kurrentdb;

import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers of KurrentDB when a call fails after it was let in. */
final class Statuses {
  static final String OPAQUE = "Exception was thrown by handler.";
  private static final Logger LOG = LoggerFactory.getLogger(Statuses.class);

  private Statuses() {}

  /** What a client is told of any error in a query: nothing. The reason goes to the log. */
  static FlightRuntimeException opaque(Exception reason) {
    LOG.info("A query failed: {}", reason.getMessage());
    return opaque();
  }

  static FlightRuntimeException opaque() {
    return CallStatus.UNKNOWN.withDescription(OPAQUE).toRuntimeException();
  }

  static FlightRuntimeException unsupported() {
    return unsupported("The feature is not supported");
  }

  static FlightRuntimeException unsupported(String description) {
    return CallStatus.UNIMPLEMENTED.withDescription(description).toRuntimeException();
  }
}
