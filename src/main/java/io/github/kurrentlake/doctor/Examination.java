package io.github.kurrentlake.doctor;

import io.github.kurrentlake.doctor.Check.Result;
import io.github.kurrentlake.job.JobMain;
import java.util.ArrayList;
import java.util.List;

/** The looks at one target, in their order: behind the first that fails there is none. */
final class Examination {
  private final String target;
  private final List<Check> checks = new ArrayList<>();
  private boolean hasFailed;

  Examination(String target) {
    this.target = target;
  }

  /** Something to look at. */
  @FunctionalInterface
  interface Look {
    Seen look() throws Exception;
  }

  /** What is seen of something that works. */
  record Seen(Result result, String detail) {
    static Seen fine(String detail) {
      return new Seen(Result.PASS, detail);
    }

    static Seen doubtful(String detail) {
      return new Seen(Result.WARN, detail);
    }
  }

  Examination check(String name, Look look) {
    if (!hasFailed) {
      try {
        var seen = look.look();
        checks.add(new Check(target, name, seen.result(), seen.detail()));
      } catch (Exception e) {
        hasFailed = true;
        checks.add(new Check(target, name, Result.FAIL, JobMain.known(e).getMessage()));
      }
    }
    return this;
  }

  List<Check> checks() {
    return List.copyOf(checks);
  }
}
