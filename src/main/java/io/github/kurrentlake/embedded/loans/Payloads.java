package io.github.kurrentlake.embedded.loans;

import io.github.kurrentlake.embedded.loans.Words.Place;
import io.github.kurrentlake.embedded.loans.Words.Word;
import java.util.UUID;

/**
 * Writes payloads and metadata, key by key as each producer does. One instance belongs to one log;
 * its buffer and its draws make it unfit for several threads.
 */
final class Payloads {
  /** Amounts are whole in practice; the schema allows this. */
  private static final double FRACTION = 0.004;

  private static final double RENAMED_SUMMARY_KEY = 0.04;
  private static final double LIST_SUMMARY = 0.02;
  private static final double OBJECT_SUMMARY = 0.01;

  private final Draw draw;
  private final boolean oddities;
  private final PythonTime time = new PythonTime();
  private final StringBuilder out = new StringBuilder(1024);
  private boolean ascii;

  /**
   * @param oddities whether values may be written in the rare ways that a plain typed schema cannot
   *     read
   */
  Payloads(Draw draw, boolean oddities) {
    this.draw = draw;
    this.oddities = oddities;
  }

  /** The request; also notes in the loan what its credit check will repeat of it. */
  String requested(Loan loan, long micros) {
    begin(loan.producer != Producer.SEEDER);
    switch (loan.producer) {
      case SERVICES -> requestedWith("", Words.GENDERS, loan, micros);
      case COMMAND_LINE -> requestedWith("\"", Words.TYPED_GENDERS, loan, micros);
      case SEEDER -> requestedBySeeder(loan, micros);
      case SECOND_VERSION -> {
        requestedFlat(loan);
        out.append(",\"LoanRequestedTimestamp\":");
        datetime(micros);
        var place = draw.oneOf(Words.PLACES);
        out.append(",\"RequestorAddress\":\"");
        street();
        out.append("\",\"RequestorCity\":\"");
        word(place.city());
        out.append("\",\"RequestorRegion\":\"");
        word(place.region());
        out.append("\",\"RequestorCountry\":\"");
        word(place.country());
        out.append("\",\"RequestorPostalCode\":\"");
        postalCode(place);
        out.append("\"}");
      }
      case FIRST_VERSION -> {
        requestedFlat(loan);
        out.append('}');
      }
    }
    return out.toString();
  }

  /** The quote stands around what is a number in other producers. */
  private void requestedWith(String quote, Word[] genders, Loan loan, long micros) {
    var nationalId = quote + draw.between(10_000, 999_999_999) + quote;
    loan.nationalId = nationalId;
    out.append("{\"Address\":");
    address();
    out.append(",\"Age\":").append(quote).append(draw.between(18, 80)).append(quote);
    out.append(",\"Amount\":").append(quote);
    amount();
    out.append(quote);
    out.append(",\"Dependents\":").append(quote).append(dependents()).append(quote);
    out.append(",\"EmployerName\":\"");
    word(draw.oneOf(Words.EMPLOYERS));
    out.append("\",\"Gender\":\"");
    word(draw.oneOf(genders));
    out.append("\",\"Income\":").append(quote);
    income();
    out.append(quote);
    out.append(",\"JobSeniority\":").append(quote).append(draw.between(0, 35));
    if (draw.chance(0.4)) {
      out.append(".5");
    }
    out.append(quote).append(",\"JobTitle\":\"");
    word(draw.oneOf(Words.JOBS));
    out.append("\",\"LevelOfEducation\":\"");
    word(draw.oneOf(Words.EDUCATION));
    out.append("\",\"LoanRequestID\":\"").append(loan.id);
    out.append("\",\"LoanRequestedTimestamp\":");
    datetime(micros);
    out.append(",\"MaritalStatus\":\"");
    word(draw.oneOf(Words.MARITAL_STATUS));
    out.append("\",\"Name\":\"");
    name();
    out.append("\",\"NationalID\":").append(nationalId).append('}');
  }

  private void requestedBySeeder(Loan loan, long micros) {
    out.append("{\"LoanRequestId\":\"").append(loan.id);
    out.append("\",\"LoanRequestedTimestamp\":");
    time.epochSeconds(out, micros);
    out.append(",\"Name\":\"");
    name();
    out.append("\",\"Address\":");
    address();
    out.append(",\"NationalId\":\"");
    out.append(draw.between(1000, 1999)).deleteCharAt(out.length() - 4);
    out.append('-').append(draw.between(10, 99));
    out.append('-').append(draw.between(1000, 9999));
    out.append("\",\"Age\":").append(draw.between(18, 90));
    out.append(",\"Gender\":\"");
    word(draw.oneOf(Words.SEEDER_GENDERS));
    out.append("\",\"MaritalStatus\":\"");
    word(draw.oneOf(Words.MARITAL_STATUS));
    out.append("\",\"Dependents\":").append(dependents());
    out.append(",\"Amount\":");
    amount();
    out.append(",\"LevelOfEducation\":\"");
    word(draw.oneOf(Words.EDUCATION));
    out.append("\",\"Income\":");
    income();
    out.append(",\"JobTitle\":\"");
    word(draw.oneOf(Words.JOBS));
    out.append("\",\"JobSeniority\":").append(draw.between(0, 45));
    out.append(",\"EmployerName\":\"");
    word(draw.oneOf(Words.EMPLOYERS));
    out.append("\"}");
  }

  private void requestedFlat(Loan loan) {
    loan.nationalId = Integer.toString(draw.between(10_000, 99_999));
    out.append("{\"User\":\"");
    word(draw.oneOf(Words.FIRST_NAMES));
    out.append("\",\"NationalID\":").append(loan.nationalId);
    out.append(",\"Amount\":");
    amount();
    out.append(",\"LoanRequestID\":\"").append(loan.id).append('"');
  }

  String creditChecked(Loan loan, long micros) {
    begin(true);
    out.append("{\"Score\":").append(loan.score);
    out.append(",\"NationalID\":").append(loan.nationalId);
    if (loan.producer != Producer.FIRST_VERSION) {
      out.append(",\"CreditCheckedTimestamp\":");
      datetime(micros);
    }
    return out.append('}').toString();
  }

  /** One shape for approval, denial and the need of an approval. */
  String decidedAutomatically(Loan loan, long micros) {
    begin(true);
    out.append("{\"LoanRequestID\":\"").append(loan.id).append('"');
    if (loan.producer != Producer.FIRST_VERSION) {
      out.append(",\"LoanAutomatedDecisionTimestamp\":");
      datetime(micros);
    }
    return out.append('}').toString();
  }

  /** One shape for approval and denial. */
  String decidedManually(Loan loan, long micros) {
    begin(true);
    out.append("{\"LoanRequestID\":\"").append(loan.id).append('"');
    if (loan.producer != Producer.FIRST_VERSION) {
      out.append(",\"LoanManualDecisionTimestamp\":");
      datetime(micros);
      out.append(",\"ApproverName\":\"");
      word(draw.oneOf(Words.APPROVERS));
      out.append('"');
    }
    return out.append('}').toString();
  }

  /** A language model's answer: mostly text, now and then another key or another type. */
  String summarized(Loan loan, long micros) {
    begin(true);
    out.append("{\"CreditScoreSummary\":\"A credit score of ").append(loan.score).append(' ');
    word(draw.oneOf(Words.CREDIT_SUMMARIES));
    out.append("\",\"IncomeAndEmploymentSummary\":");
    if (oddities && draw.chance(OBJECT_SUMMARY)) {
      out.append("{\"Income\":");
      income();
      out.append(",\"Assessment\":");
      quoted(draw.oneOf(Words.INCOME_SUMMARIES));
      out.append('}');
    } else {
      quoted(draw.oneOf(Words.INCOME_SUMMARIES));
    }
    out.append(",\"LoanToIncomeSummary\":");
    quoted(draw.oneOf(Words.RATIO_SUMMARIES));
    out.append(
        oddities && draw.chance(RENAMED_SUMMARY_KEY)
            ? ",\"MaritalStatusSummary\":"
            : ",\"MaritalStatusAndDependentsSummary\":");
    quoted(draw.oneOf(Words.FAMILY_SUMMARIES));
    out.append(",\"RecommendedFurtherInvestigation\":");
    if (oddities && draw.chance(LIST_SUMMARY)) {
      out.append('[');
      quoted(draw.oneOf(Words.INVESTIGATIONS));
      out.append(',');
      quoted(draw.oneOf(Words.INVESTIGATIONS));
      out.append(']');
    } else {
      quoted(draw.oneOf(Words.INVESTIGATIONS));
    }
    out.append(",\"SummarizedBy\":\"OpenAI/gpt-3.5-turbo\",\"SummarizedAt\":");
    datetime(micros);
    return out.append('}').toString();
  }

  /** Metadata with the time as services write it. */
  String metadata(UUID correlation, UUID causation, long micros) {
    beginMetadata(correlation, causation);
    datetime(micros);
    return out.append('}').toString();
  }

  /** Metadata with the time as the seeder writes it. */
  String seederMetadata(UUID correlation, UUID causation, long micros) {
    beginMetadata(correlation, causation);
    time.epochSeconds(out, micros);
    return out.append('}').toString();
  }

  private void beginMetadata(UUID correlation, UUID causation) {
    begin(true);
    out.append("{\"$correlationId\":\"").append(correlation);
    out.append("\",\"$causationId\":\"").append(causation);
    out.append("\",\"transactionTimestamp\":");
  }

  /** A customer of another bounded context; shares nothing with loans but the log. */
  String customerRegistered(UUID customer) {
    begin(false);
    out.append("{\"customerId\":\"").append(customer).append("\",\"name\":\"");
    name();
    return out.append("\"}").toString();
  }

  String customerMoved(UUID customer) {
    begin(false);
    out.append("{\"customerId\":\"").append(customer).append("\",\"address\":");
    address();
    return out.append('}').toString();
  }

  /** A GraphQL mutation as a gateway stores it: times are epoch milliseconds in text. */
  String mutation(long micros) {
    begin(false);
    out.append("{\"input\":{\"CreditScoreSummary\":");
    quoted(draw.oneOf(Words.CREDIT_SUMMARIES));
    out.append(",\"SummarizedAt\":\"").append(micros / 1000).append("\",\"SummarizedBy\":\"");
    word(draw.oneOf(Words.APPROVERS));
    return out.append("\"}}").toString();
  }

  private void begin(boolean onlyAscii) {
    out.setLength(0);
    ascii = onlyAscii;
  }

  private void word(Word word) {
    out.append(ascii ? word.ascii() : word.utf8());
  }

  private void quoted(Word word) {
    out.append('"');
    word(word);
    out.append('"');
  }

  private void datetime(long micros) {
    out.append('"');
    time.datetime(out, micros);
    out.append('"');
  }

  private void name() {
    word(draw.oneOf(Words.FIRST_NAMES));
    out.append(' ');
    word(draw.oneOf(Words.LAST_NAMES));
  }

  private void address() {
    var place = draw.oneOf(Words.PLACES);
    out.append("{\"City\":\"");
    word(place.city());
    out.append("\",\"Country\":\"");
    word(place.country());
    out.append("\",\"PostalCode\":\"");
    postalCode(place);
    out.append("\",\"Region\":\"");
    word(place.region());
    out.append("\",\"Street\":\"");
    street();
    out.append("\"}");
  }

  private void street() {
    out.append(draw.between(1, 240)).append(' ');
    word(draw.oneOf(Words.STREETS));
  }

  private void postalCode(Place place) {
    out.append(place.postalPrefix()).append(draw.between(100, 999));
  }

  private void amount() {
    out.append(draw.between(5, 950) * 100);
    fraction();
  }

  private void income() {
    out.append(draw.between(12, 250) * 1000 + draw.below(1000));
    fraction();
  }

  private void fraction() {
    if (oddities && draw.chance(FRACTION)) {
      out.append(".5");
    }
  }

  private int dependents() {
    return draw.chance(0.5) ? 0 : draw.between(1, 5);
  }
}
