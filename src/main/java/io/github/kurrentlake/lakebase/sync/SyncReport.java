package io.github.kurrentlake.lakebase.sync;

import java.util.List;

/**
 * What one run did.
 *
 * @param kind how the rows came over
 * @param version the Delta version that Postgres holds now
 * @param staged rows that came over: the whole table, or one per key that changed
 * @param written rows that Postgres inserted, updated or deleted; unchanged ones are not rewritten
 * @param bad rows that came over changed, or not at all, by {@link BadText}
 * @param examples key and column of a few of these
 */
public record SyncReport(
    Kind kind, long version, long staged, long written, long bad, List<String> examples) {

  public SyncReport {
    examples = List.copyOf(examples);
  }

  /** The report of a run that found no bad text. */
  public SyncReport(Kind kind, long version, long staged, long written) {
    this(kind, version, staged, written, 0, List.of());
  }

  /** How the rows came over, and for a whole table why. */
  public enum Kind {
    /** Postgres holds the newest version already. */
    NOTHING_NEW,
    /** The changes since the version that Postgres held. */
    CHANGES,
    /** The whole table, since that is its scheduling policy. */
    WHOLE_BY_POLICY,
    /** The whole table, since most of its rows were updated. */
    WHOLE_MOST_UPDATED,
    /** The whole table, since Postgres had no version of it. */
    WHOLE_FIRST,
    /** The whole table, since the Delta table is another one under the old name. */
    WHOLE_REPLACED,
    /** The whole table, since columns went or have another type or key. */
    WHOLE_SCHEMA_CHANGED,
    /** The whole table, since what becomes of bad text was decided again. */
    WHOLE_BAD_TEXT_DECIDED,
    /** The whole table, since Delta no longer has the changes since that version. */
    WHOLE_HISTORY_GONE,
    /** The whole table, since a key was there twice in between, or is. */
    WHOLE_KEY_WAS_DOUBLED;

    boolean isWhole() {
      return switch (this) {
        case NOTHING_NEW, CHANGES -> false;
        case WHOLE_BY_POLICY,
            WHOLE_MOST_UPDATED,
            WHOLE_FIRST,
            WHOLE_REPLACED,
            WHOLE_SCHEMA_CHANGED,
            WHOLE_BAD_TEXT_DECIDED,
            WHOLE_HISTORY_GONE,
            WHOLE_KEY_WAS_DOUBLED ->
            true;
      };
    }
  }
}
