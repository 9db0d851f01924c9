package io.github.kurrentlake.embedded.loans;

import io.github.kurrentlake.embedded.kurrentdb.LogRecord;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.UUID;

/**
 * The bank at work, as a discrete-event simulation: what is due lies in a queue ordered by time,
 * and doing it writes a record and puts what follows from it into the queue. Nothing but the point
 * where it ends depends on the number of loans; this is what makes shorter logs prefixes of longer
 * ones.
 */
final class LoanLog implements Iterator<LogRecord> {
  static final LocalDate FIRST_DAY = LocalDate.of(2025, 1, 6);

  private static final long MILLISECOND = 1_000;
  private static final long SECOND = PythonTime.SECOND;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  /** What a record occupies in the log besides its texts: framing, flags, ids and lengths. */
  private static final int RECORD_OVERHEAD = 94;

  /** The seeder writes in bursts; within one, the clock of created_at may step back. */
  private static final double BURST = 0.04;

  private static final int SMALLEST_BURST = 3;
  private static final int LARGEST_BURST = 12;
  private static final double LOANS_PER_ARRIVAL =
      1 - BURST + BURST * (SMALLEST_BURST + LARGEST_BURST) / 2.0;

  private static final double REPEATED_CHECK = 0.004;

  /** Persistent subscriptions park an event that fails too often: the loan stays where it is. */
  private static final double PARKED = 0.002;

  private static final double NEVER_DECIDED = 0.01;
  private static final double SUMMARIZED = 0.6;
  private static final double APPROVED = 0.55;
  private static final double WHOLE_SECOND = 0.003;
  private static final double SYSTEM_EVENT = 0.01;
  private static final double OTHER_CATEGORY = 0.03;

  private enum Step {
    ARRIVE,
    CHECK_CREDIT,
    REPEAT_CREDIT_CHECK,
    DECIDE,
    SUMMARIZE,
    JUDGE
  }

  /** What is due; the number keeps the order of what is due at the same time. */
  private record Due(long at, long number, Step step, Loan loan) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      var byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final Draw draw;
  private final Payloads payloads;
  private final boolean complete;
  private final double meanGap;
  private final long loans;
  private final PriorityQueue<Due> due = new PriorityQueue<>();
  private final Queue<LogRecord> written = new ArrayDeque<>();

  private long arrived;
  private long numbered;
  private int leftInBurst;
  private long position;
  private long statistics;
  private long links;
  private long checkpoints;
  private long mutations;

  LoanLog(long seed, boolean complete, long gap, long loans) {
    this.draw = new Draw(seed);
    this.payloads = new Payloads(draw, !complete);
    this.complete = complete;
    this.meanGap = complete ? gap : gap * LOANS_PER_ARRIVAL;
    this.loans = loans;
    var start = FIRST_DAY.atTime(8, 0).toEpochSecond(ZoneOffset.UTC) * SECOND;
    bootstrap(start);
    plan(start + 5 * SECOND, Step.ARRIVE, null);
  }

  @Override
  public boolean hasNext() {
    while (written.isEmpty() && !due.isEmpty()) {
      var next = due.remove();
      if (next.step == Step.ARRIVE && arrived == loans) {
        if (!complete) {
          due.clear();
        }
        continue;
      }
      perform(next);
    }
    return !written.isEmpty();
  }

  @Override
  public LogRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return written.remove();
  }

  private void perform(Due next) {
    var at = next.at;
    var loan = next.loan;
    switch (next.step) {
      case ARRIVE -> loan = arrive(at);
      case CHECK_CREDIT -> checkCredit(loan, at);
      case REPEAT_CREDIT_CHECK -> {
        var stamp = stamp(at);
        write(loan, at, stamp, "CreditChecked", payloads.creditChecked(loan, stamp));
      }
      case DECIDE -> decide(loan, at);
      case SUMMARIZE -> {
        var stamp = stamp(at);
        write(loan, at, stamp, "AutomatedSummary", payloads.summarized(loan, stamp));
        planJudgement(loan, at);
      }
      case JUDGE -> {
        var stamp = stamp(at);
        var type = draw.chance(APPROVED) ? "LoanManuallyApproved" : "LoanManuallyDenied";
        write(loan, at, stamp, type, payloads.decidedManually(loan, stamp));
      }
    }
    if (draw.chance(SYSTEM_EVENT)) {
      writeSystemEvent(at + MILLISECOND, loan);
    }
    if (draw.chance(OTHER_CATEGORY)) {
      writeOtherCategory(at + MILLISECOND);
    }
  }

  private Loan arrive(long at) {
    arrived++;
    var loan = new Loan(draw.uuid(), producer());
    var stamp = stamp(at);
    write(loan, at, stamp, "LoanRequested", payloads.requested(loan, stamp));
    if (complete || !draw.chance(PARKED)) {
      plan(at + delay(0.9, SECOND, 20 * SECOND, HOUR), Step.CHECK_CREDIT, loan);
    }
    if (!complete && leftInBurst == 0 && draw.chance(BURST)) {
      leftInBurst = draw.between(SMALLEST_BURST, LARGEST_BURST);
    }
    var gap =
        leftInBurst > 0
            ? draw.between(MILLISECOND / 5, 3 * MILLISECOND)
            : draw.exponential(meanGap);
    plan(at + gap, Step.ARRIVE, null);
    return loan;
  }

  private Producer producer() {
    if (complete) {
      return Producer.SERVICES;
    }
    if (leftInBurst > 0) {
      leftInBurst--;
      return Producer.SEEDER;
    }
    var share = draw.below(100);
    if (share < 58) {
      return Producer.SERVICES;
    }
    if (share < 74) {
      return Producer.SEEDER;
    }
    if (share < 86) {
      return Producer.COMMAND_LINE;
    }
    return share < 94 ? Producer.SECOND_VERSION : Producer.FIRST_VERSION;
  }

  private void checkCredit(Loan loan, long at) {
    loan.score = complete ? draw.between(4, 7) : draw.between(1, 10);
    var stamp = stamp(at);
    write(loan, at, stamp, "CreditChecked", payloads.creditChecked(loan, stamp));
    if (!complete && draw.chance(REPEATED_CHECK)) {
      plan(at + draw.between(SECOND, 30 * SECOND), Step.REPEAT_CREDIT_CHECK, loan);
    }
    if (complete || !draw.chance(PARKED)) {
      plan(at + delay(0.92, SECOND, 15 * SECOND, HOUR), Step.DECIDE, loan);
    }
  }

  private void decide(Loan loan, long at) {
    var approvalNeeded = loan.score >= 4 && loan.score < 8;
    var type =
        approvalNeeded
            ? "LoanApprovalNeeded"
            : loan.score >= 8 ? "LoanAutomaticallyApproved" : "LoanAutomaticallyDenied";
    var stamp = stamp(at);
    write(loan, at, stamp, type, payloads.decidedAutomatically(loan, stamp));
    if (!approvalNeeded) {
      return;
    }
    // The first version knew no summaries.
    var summarized = loan.producer != Producer.FIRST_VERSION && draw.chance(SUMMARIZED);
    if (complete || summarized) {
      plan(at + delay(0.95, 3 * SECOND, 40 * SECOND, HOUR), Step.SUMMARIZE, loan);
    } else {
      planJudgement(loan, at);
    }
  }

  private void planJudgement(Loan loan, long at) {
    if (complete || !draw.chance(NEVER_DECIDED)) {
      var wait =
          draw.chance(0.7)
              ? delay(0.4, MINUTE, 15 * MINUTE, 6 * HOUR)
              : draw.between(6 * HOUR, 72 * HOUR);
      plan(at + wait, Step.JUDGE, loan);
    }
  }

  /** Usually between the first two; otherwise a service was down, and it takes up to the third. */
  private long delay(double usual, long least, long most, long whenDown) {
    return draw.chance(usual) ? draw.between(least, most) : draw.between(most, whenDown);
  }

  private void plan(long at, Step step, Loan loan) {
    due.add(new Due(at, numbered++, step, loan));
  }

  /** The producer's clock just before it appends the event. */
  private long stamp(long at) {
    var stamp = at - draw.between(MILLISECOND, 8 * MILLISECOND);
    if (complete) {
      return stamp % SECOND == 0 ? stamp + 1 : stamp;
    }
    return draw.chance(WHOLE_SECOND) ? stamp - stamp % SECOND : stamp;
  }

  private void write(Loan loan, long at, long stamp, String type, String data) {
    var requested = loan.revision == 0;
    // The requestor uses the loan's id as the event's id, too.
    var id = requested ? loan.id : draw.uuid();
    var metadata =
        requested && loan.producer == Producer.SEEDER
            ? payloads.seederMetadata(loan.id, loan.cause, stamp)
            : payloads.metadata(loan.id, loan.cause, stamp);
    append(at, loan.stream, loan.revision++, type, "Json", id, data, metadata);
    loan.cause = id;
  }

  private void bootstrap(long at) {
    append(
        at,
        "$$$stats-127.0.0.1:2113",
        0,
        "$metadata",
        "Json",
        draw.uuid(),
        "{\"$maxAge\":86400}",
        "{}");
    append(
        at,
        "$user-admin",
        0,
        "$UserCreated",
        "Json",
        draw.uuid(),
        "{\"loginName\":\"admin\",\"fullName\":\"KurrentDB Administrator\",\"disabled\":false,"
            + "\"groups\":[\"$admins\"]}",
        "{}");
  }

  private void writeSystemEvent(long at, Loan loan) {
    switch (draw.below(4)) {
      case 0 ->
          append(
              at,
              "$stats-127.0.0.1:2113",
              statistics++,
              "$statsCollected",
              "Json",
              draw.uuid(),
              "{\"proc-cpu\":" + draw.below(100) + ",\"proc-threadsCount\":48}",
              "{}");
      case 1 ->
          append(
              at,
              "$persistentsubscription-$ce-loanRequest::CreditCheck-checkpoint",
              checkpoints++,
              "$SubscriptionCheckpoint",
              "Json",
              draw.uuid(),
              "\"" + arrived + "\"",
              "{}");
      default -> {
        // A link is a system event even in a stream whose name is not a system stream's.
        var target = loan.revision - 1 + "@" + loan.stream;
        append(at, "loansToReview", links++, "$>", "Bytes", draw.uuid(), base64(target), "{}");
      }
    }
  }

  private void writeOtherCategory(long at) {
    var customer = draw.uuid();
    switch (draw.below(5)) {
      case 0 ->
          append(
              at,
              "graphql-mutation-recordAutomatedSummary",
              mutations++,
              "GraphQL.RecordAutomatedSummary",
              "Json",
              draw.uuid(),
              payloads.mutation(at),
              "{}");
      case 1 ->
          append(
              at,
              "document-" + customer,
              0,
              "DocumentScanned",
              "Bytes",
              draw.uuid(),
              base64("scan of " + customer),
              "{}");
      default -> {
        var stream = "customer-" + customer;
        var registered = draw.uuid();
        append(
            at,
            stream,
            0,
            "CustomerRegistered",
            "Json",
            registered,
            payloads.customerRegistered(customer),
            payloads.metadata(customer, registered, at));
        if (draw.chance(0.3)) {
          append(
              at + MILLISECOND,
              stream,
              1,
              "CustomerMoved",
              "Json",
              draw.uuid(),
              payloads.customerMoved(customer),
              payloads.metadata(customer, registered, at));
        }
      }
    }
  }

  /** As kdb.records shows what is not JSON: Base64 between quotes. */
  private static String base64(String bytes) {
    var encoder = Base64.getEncoder();
    return '"' + encoder.encodeToString(bytes.getBytes(StandardCharsets.UTF_8)) + '"';
  }

  private void append(
      long at,
      String stream,
      long revision,
      String type,
      String format,
      UUID id,
      String data,
      String metadata) {
    var createdAt = (at + draw.between(0, 5 * MILLISECOND)) / MILLISECOND;
    written.add(
        new LogRecord(
            position, null, revision, createdAt, stream, type, null, null, format, id, data,
            metadata));
    // Streams, types and metadata are ASCII here.
    position +=
        RECORD_OVERHEAD + stream.length() + type.length() + metadata.length() + utf8Length(data);
  }

  private static int utf8Length(String text) {
    var length = text.length();
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c > 0x7F) {
        length += c > 0x7FF ? 2 : 1;
      }
    }
    return length;
  }
}
