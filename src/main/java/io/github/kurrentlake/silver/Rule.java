package io.github.kurrentlake.silver;

/** Why an event is not for Silver, or a value of it is not. */
public enum Rule {
  /** Cut off, followed by something else, or never JSON at all. */
  NOT_JSON("not JSON", "the payload is not one JSON value"),
  /** So KurrentDB shows bytes; a JSON text that happens to be base64 looks the same. */
  BINARY("binary payload", "the payload is bytes, shown as base64 in quotes"),
  /** So KurrentDB shows an event that a scavenge removed. */
  EMPTY("empty payload", "the payload is {}, as after a scavenge"),
  /** So KurrentDB shows a redacted event. */
  REDACTED("redacted payload", "there is no payload, as after a redaction"),
  WRONG_SHAPE("wrong shape", "the payload, or what should be an object in it, is none"),
  MISSING("missing required", "the payload lacks a value that the projection requires"),
  BAD_VALUE("bad value", "the value does not fit the type of its column");

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
