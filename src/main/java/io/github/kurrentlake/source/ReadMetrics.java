package io.github.kurrentlake.source;

import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** What Spark's UI shows of a read. Spark makes the metrics itself, by their classes' names. */
public final class ReadMetrics {
  private ReadMetrics() {}

  static CustomMetric[] supported() {
    return new CustomMetric[] {
      new Events(), new Bytes(), new Requests(), new Retried(), new ServerWait()
    };
  }

  static CustomTaskMetric[] of(ReadCounters counters) {
    return new CustomTaskMetric[] {
      new Value(Events.NAME, counters.events()),
      new Value(Bytes.NAME, counters.bytes()),
      new Value(Requests.NAME, counters.requests()),
      new Value(Retried.NAME, counters.retries()),
      new Value(ServerWait.NAME, counters.waitMillis())
    };
  }

  private record Value(String name, long value) implements CustomTaskMetric {}

  /** Events that arrived. */
  public static final class Events extends CustomSumMetric {
    static final String NAME = "kurrentdbEvents";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public String description() {
      return "events from KurrentDB";
    }
  }

  /** Bytes of the Arrow batches that arrived. */
  public static final class Bytes extends CustomSumMetric {
    static final String NAME = "kurrentdbBytes";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public String description() {
      return "bytes from KurrentDB";
    }
  }

  /** Statements that were sent. */
  public static final class Requests extends CustomSumMetric {
    static final String NAME = "kurrentdbRequests";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public String description() {
      return "statements sent to KurrentDB";
    }
  }

  /** KurrentDbErrors after which a call was made again. */
  public static final class Retried extends CustomSumMetric {
    static final String NAME = "kurrentdbRetries";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public String description() {
      return "retries after passing failures";
    }
  }

  /** Milliseconds in which tasks only waited for the server. */
  public static final class ServerWait extends CustomSumMetric {
    static final String NAME = "kurrentdbServerWait";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public String description() {
      return "waiting for KurrentDB (ms)";
    }
  }
}
