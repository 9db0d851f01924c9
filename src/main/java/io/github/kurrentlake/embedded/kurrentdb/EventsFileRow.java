package io.github.kurrentlake.embedded.kurrentdb;

import java.util.UUID;

/** The columns of one record as they were read, before defaults and order; null is not given. */
final class EventsFileRow {
  long logPosition;
  Long commitPosition;
  Long streamRevision;
  long createdAt;
  String stream;
  String schemaName;
  String category;
  String schemaId;
  String schemaFormat;
  String data;
  String metadata;

  /** A record indexed before 26.1 has an id that is empty, which differs from none given. */
  boolean recordIdGiven;

  UUID recordId;
}
