package io.github.kurrentlake.parcels;

import static io.github.kurrentlake.payload.Field.decimalNumber;
import static io.github.kurrentlake.payload.Field.integer;
import static io.github.kurrentlake.payload.Field.text;
import static io.github.kurrentlake.payload.Field.timestamp;
import static io.github.kurrentlake.table.Column.optional;
import static io.github.kurrentlake.table.Column.required;

import io.github.kurrentlake.gold.Lifecycle;
import io.github.kurrentlake.silver.Projection;
import io.github.kurrentlake.table.SqlTemplate;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.List;

/** All that a second domain declares. */
final class Parcels {
  static final List<Projection> PROJECTIONS =
      List.of(
          Projection.of("parcel_posted", "One row per ParcelPosted event", "ParcelPosted")
              .fields(
                  text("parcel_id", "parcelId", "Id of the parcel").orFromStream().required(),
                  text("recipient", "to.name", "Who gets it").or("recipientName"),
                  decimalNumber("weight", "weight", "Weight in kilograms").required(),
                  timestamp("posted_at", "postedAt", "When it was handed in")),
          Projection.of("parcel_scanned", "One row per ParcelScanned event", "ParcelScanned")
              .fields(
                  text("hub", "hub", "Where it was scanned").required(),
                  integer("belt", "belt", "Conveyor belt").nullIfBad()),
          Projection.of("parcel_closed", "One row per end", "ParcelDelivered", "ParcelReturned")
              .fields(timestamp("closed_at", "at", "When it left the network").required()));

  static final Lifecycle JOURNEY =
      new Lifecycle(
          "parcel",
          TableDeclaration.table("gold", "parcel_journey", "One row per parcel")
              .columns(
                  List.of(
                      optional("recipient", "STRING", "Who gets it"),
                      optional("weight", "FLOAT", "Weight in kilograms"),
                      optional("last_hub", "STRING", "Where it was scanned last"),
                      required("status", "STRING", "posted, under way, or how it ended"),
                      required("stream", "STRING", "Stream of the parcel in KurrentDB"),
                      required("log_position", "BIGINT", "Position of its last event")))
              .reliableKey("stream"),
          PROJECTIONS,
          SqlTemplate.beside(Parcels.class, "parcel_journey.sql"));

  private Parcels() {}
}
