package io.github.kurrentlake.lakebase.sync;

/**
 * What becomes of a row whose text Postgres cannot hold: one with a NUL character, or with bytes
 * that are no UTF-8, which Delta takes.
 */
public enum BadText {
  /** The sync ends with KL-641, which names the row, and changes nothing. */
  REFUSE,
  /** Each such place becomes U+FFFD, the replacement character. */
  REPLACE,
  /** Postgres does not get the row, and loses the one that it had for the key. */
  SKIP
}
