package io.github.kurrentlake.payload;

/** What is wrong about an event or a value: why it is not for Silver, or has a warning there. */
public enum Rule {
  /** Cut off, followed by something else, not in UTF-8, or never JSON at all. */
  NOT_JSON("not JSON", "the payload is not one JSON value in UTF-8"),
  TOO_DEEP("too deep", "objects and arrays lie more than 1000 deep in each other"),
  /** So KurrentDB shows bytes; a JSON text that happens to be base64 looks the same. */
  BINARY("binary payload", "the payload is bytes, shown as base64 in quotes"),
  /** So KurrentDB shows an event that a scavenge removed. */
  EMPTY("empty payload", "the payload is {}, as after a scavenge"),
  /** So KurrentDB shows a redacted event. */
  REDACTED("redacted payload", "there is no payload, as after a redaction"),
  WRONG_SHAPE("wrong shape", "the payload, or what should be an object in it, is none"),
  /** The last one counts, as with nearly all readers of JSON. */
  DOUBLED_KEY("doubled key", "an object has a key more than once; the last one counts"),
  MISSING("missing required", "the payload lacks a value that the projection requires"),
  BAD_VALUE("bad value", "the value does not fit the type of its column"),
  /** Which time is stored, says {@link Times}. */
  UNCERTAIN_TIME(
      "uncertain time",
      "the zone's clocks skip this time, which is read as that much later, or show it twice, and"
          + " the first is meant"),
  BROKEN_CHARACTER("broken character", "half a surrogate pair, stored as U+FFFD");

  private final String text;
  private final String meaning;

  Rule(String text, String meaning) {
    this.text = text;
    this.meaning = meaning;
  }

  /** As errors and warnings name it. */
  public String text() {
    return text;
  }

  /** What it says about an event. */
  public String meaning() {
    return meaning;
  }
}
