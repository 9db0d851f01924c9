package io.github.kurrentlake.job;

import java.util.EnumSet;
import java.util.List;

/**
 * What a task has just done, in the order in which it does it. A task may be stopped at each; those
 * that are a commit stand for one that went through and whose answer was lost, too.
 */
public enum Phase {
  /** Bronze: the tables are there. */
  BRONZE_OPENED,
  /** The end of a batch is fixed, and nothing of it is read. */
  BATCH_PLANNED,
  /** The events of a batch are committed. */
  BATCH_MERGED,
  /** The high-water mark is committed. */
  MARK_RAISED,

  /** Silver: the tables are there. */
  SILVER_OPENED,
  /** The checkpoint fits the tables, or is deleted. */
  CHECKPOINT_CHECKED,
  /** Rows of Silver are committed. */
  ROWS_LANDED,
  /** Events that could not be read are committed to quarantine. */
  EVENTS_QUARANTINED,
  /** All of a micro-batch is committed, and the checkpoint does not know it. */
  MICRO_BATCH_LANDED,
  /** The checkpoint knows it, and what the tables are then is not noted. */
  STREAM_ENDED,
  /** It is noted. */
  CHECKPOINT_NOTED,
  /** The state of quarantined events that were tried again is committed. Done first, if any are. */
  ATTEMPT_SETTLED,

  /** Gold: the tables are there. */
  GOLD_OPENED,
  /** What a table is made of is known, and nothing of it is written. */
  GOLD_PLANNED,
  /** One of the tables is committed. */
  GOLD_WRITTEN,

  /** Replay: the shadow holds the rows of all events of now. */
  SHADOW_BUILT,
  /** They are compared, and what is to be switched is noted. */
  SHADOW_COMPARED,
  /** One of the tables is switched. */
  TABLE_SWITCHED,
  /** It is noted that all are, and Gold does not know. */
  SWITCH_NOTED;

  /** Those of the tasks of a workflow, in their order. */
  public static final List<Phase> OF_TASKS =
      List.copyOf(EnumSet.range(BRONZE_OPENED, GOLD_WRITTEN));
}
