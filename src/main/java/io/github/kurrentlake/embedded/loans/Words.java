package io.github.kurrentlake.embedded.loans;

import java.util.stream.Stream;

/** The words that sample loans are made of, escaped once so that writing them costs nothing. */
final class Words {
  static final Word[] FIRST_NAMES =
      words(
          "Amara",
          "Anouk",
          "Björn",
          "Camille",
          "Chloé",
          "Daniel",
          "Dmitri",
          "Elena",
          "Fatima",
          "Grace",
          "Hassan",
          "Ingrid",
          "Jamal",
          "José",
          "Keiko",
          "Liam",
          "Lucía",
          "Marek",
          "Mei",
          "Nadia",
          "Oluwaseun",
          "Priya",
          "Quentin",
          "Rosa",
          "Samir",
          "Tomáš",
          "Ursula",
          "Victor",
          "Wanjiru",
          "Ximena",
          "Yusuf",
          "Zoë");

  static final Word[] LAST_NAMES =
      words(
          "Abara",
          "Almeida",
          "Andersson",
          "Banerjee",
          "Castillo",
          "Dubois",
          "Eriksen",
          "Ferrari",
          "Garcia",
          "Haddad",
          "Ibrahim",
          "Jansen",
          "Kowalski",
          "Łukasik",
          "Müller",
          "Nguyen",
          "O'Brien",
          "Okafor",
          "Petrov",
          "Quinn",
          "Rossi",
          "Sato",
          "Schmidt",
          "Silva",
          "Smith-Jones",
          "Tanaka",
          "Ueda",
          "van der Berg",
          "Walker",
          "Yılmaz",
          "Zhang",
          "Živković");

  static final Word[] EMPLOYERS =
      words(
          "Brightwater Foods",
          "Castle & Moat Ltd",
          "Delta Haulage",
          "Fjord Shipping AS",
          "Green \"Leaf\" Gardens",
          "Harbour Clinic",
          "Ironbridge Tools",
          "Jasmin Textiles",
          "Kite, Bell and Marsh",
          "Lantern Energy",
          "Northside Schools",
          "Orchard Software",
          "Pâtisserie Colette",
          "Quarry Stone Works",
          "River Bank Savings",
          "Sunrise Logistics");

  static final Word[] JOBS =
      words(
          "Accountant",
          "Baker",
          "Bus driver",
          "Carpenter",
          "Civil engineer",
          "Dental nurse",
          "Electrician",
          "Farmer",
          "Librarian",
          "Machine operator",
          "Office clerk",
          "Pharmacist",
          "Sales manager",
          "Software developer",
          "Teacher",
          "Warehouse worker");

  static final Word[] EDUCATION =
      words(
          "No formal education",
          "High School Diploma",
          "Vocational training",
          "Associate's Degree",
          "Bachelor's Degree",
          "Master's Degree",
          "Doctorate");

  static final Word[] STREETS =
      words(
          "Acorn Lane",
          "Bridge Street",
          "Cedar Avenue",
          "Église Road",
          "Foundry Row",
          "Garden Terrace",
          "High Street",
          "Kiln Close",
          "Market Square",
          "Orchard Way",
          "Station Road",
          "Windmill Hill");

  static final Place[] PLACES = {
    new Place("Ashford Falls", "Oregon", "USA", "97"),
    new Place("Brno", "Jihomoravský kraj", "Czechia", "60"),
    new Place("Cedar Point", "Ohio", "USA", "44"),
    new Place("Genève", "Genève", "Switzerland", "12"),
    new Place("Kyoto", "Kansai", "Japan", "60"),
    new Place("Lisboa", "Lisboa", "Portugal", "11"),
    new Place("Málaga", "Andalucía", "Spain", "29"),
    new Place("Newbridge", "Leinster", "Ireland", "W1"),
    new Place("Odense", "Syddanmark", "Denmark", "52"),
    new Place("Port Harcourt", "Rivers", "Nigeria", "50"),
    new Place("Salt Creek", "Texas", "USA", "78"),
    new Place("Tilburg", "Noord-Brabant", "Netherlands", "50"),
  };

  static final Word[] GENDERS = words("Male", "Female", "Male", "Female", "Male", "Non Binary");
  static final Word[] SEEDER_GENDERS = words("M", "F");
  static final Word[] TYPED_GENDERS = words("Male", "Female", "M", "F", "Non Binary");
  static final Word[] MARITAL_STATUS =
      words("Married", "Single", "Divorced", "Widowed", "In a relationship");
  static final Word[] APPROVERS = words("Jane", "Omar", "Renée", "Stefan", "Thandi");

  static final Word[] CREDIT_SUMMARIES =
      words(
          "is in the middle of the scale: payments were mostly in time.",
          "is fair. Two late payments were found,\nnone in the last year.",
          "is acceptable, with a short credit history.");
  static final Word[] INCOME_SUMMARIES =
      words(
          "The income is regular and the position appears \"stable\".",
          "Employed by the same company for some years; the income is above the region's average.",
          "The seniority is low for the stated income.");
  static final Word[] RATIO_SUMMARIES =
      words(
          "The loan is small compared with the yearly income.",
          "The loan is a considerable part of the yearly income.",
          "Loan and income are in a usual relation.");
  static final Word[] FAMILY_SUMMARIES =
      words(
          "The number of dependents is not expected to affect repayment.",
          "Dependents reduce the disposable income noticeably.",
          "No risk was found in the family situation.");
  static final Word[] INVESTIGATIONS =
      words(
          "Ask for the last three payslips.",
          "Verify the employer by telephone.",
          "Check for other open loans.",
          "No further investigation is needed.");

  private Words() {}

  /**
   * A text between the quotes of a JSON string.
   *
   * @param ascii with every other character as {@code \\uXXXX}, as Python's json.dumps does
   * @param utf8 with such characters as they are
   */
  record Word(String ascii, String utf8) {
    static Word of(String text) {
      return new Word(escape(text, 0x7F), escape(text, 0xFFFF));
    }

    private static String escape(String text, int highest) {
      var out = new StringBuilder();
      for (var i = 0; i < text.length(); i++) {
        var c = text.charAt(i);
        if (c == '"' || c == '\\') {
          out.append('\\').append(c);
        } else if (c == '\n') {
          out.append("\\n");
        } else if (c < ' ' || c > highest) {
          out.append("\\u%04x".formatted((int) c));
        } else {
          out.append(c);
        }
      }
      return out.toString();
    }
  }

  /** A city with what belongs to it. */
  record Place(Word city, Word region, Word country, String postalPrefix) {
    Place(String city, String region, String country, String postalPrefix) {
      this(Word.of(city), Word.of(region), Word.of(country), postalPrefix);
    }
  }

  private static Word[] words(String... texts) {
    return Stream.of(texts).map(Word::of).toArray(Word[]::new);
  }
}
