package io.github.kurrentlake.silver;

/** Why an event is not for Silver, or a value of it is not. */
public enum Rule {
  /** The payload is text that is no JSON: cut off, followed by something else, or never was. */
  NOT_JSON("not JSON"),
  /** The payload is what KurrentDB shows for bytes: a base64 text in quotes. */
  BINARY("binary payload"),
  /** The payload is {@code {}}, which KurrentDB shows for an event that a scavenge removed. */
  EMPTY("empty payload"),
  /** There is no payload, which KurrentDB shows for a redacted event. */
  REDACTED("redacted payload"),
  /** The payload is JSON, but where an object is needed is something else. */
  WRONG_SHAPE("wrong shape"),
  /** A value that the projection requires is not there. */
  MISSING("missing required"),
  /** A value does not fit the type of its column. */
  BAD_VALUE("bad value");

  private final String text;

  Rule(String text) {
    this.text = text;
  }

  /** As errors and warnings name it. */
  public String text() {
    return text;
  }
}
