package io.github.kurrentlake.workflow;

/** Told how a run goes on; from several threads at once. */
public interface RunListener {

  void started(WorkflowTask task);

  /** The figures are totals of the task and never fall. */
  void progressed(WorkflowTask task, long eventsIn, long rowsOut);

  void finished(WorkflowTask task, Outcome outcome);

  /** For callers that only want the outcomes. */
  static RunListener unwatched() {
    return new RunListener() {
      @Override
      public void started(WorkflowTask task) {}

      @Override
      public void progressed(WorkflowTask task, long eventsIn, long rowsOut) {}

      @Override
      public void finished(WorkflowTask task, Outcome outcome) {}
    };
  }
}
