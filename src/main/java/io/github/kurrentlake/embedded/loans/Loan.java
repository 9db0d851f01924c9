package io.github.kurrentlake.embedded.loans;

import java.util.UUID;

/** A loan in flight: just what its later events need. */
final class Loan {
  static final String STREAM_PREFIX = "loanRequest-";

  final UUID id;
  final Producer producer;
  final String stream;

  /** As the credit check copies it from the request: a JSON number, text, or null. */
  String nationalId = "null";

  int score;
  long revision;

  /** The event that caused the next one. */
  UUID cause;

  Loan(UUID id, Producer producer) {
    this.id = id;
    this.producer = producer;
    this.stream = STREAM_PREFIX + id;
    this.cause = id;
  }
}
