package io.github.kurrentlake.embedded.loans;

/** Who wrote a loan's request, and with it which shapes the loan's events have. */
enum Producer {
  /** The current services with their test cases. */
  SERVICES,
  /** The cloud seeder: {@code LoanRequestId}, {@code NationalId}, times in epoch seconds. */
  SEEDER,
  /** The command-line requestor: every scalar is text. */
  COMMAND_LINE,
  /** The second old version: flat, with {@code User} and {@code RequestorAddress}. */
  SECOND_VERSION,
  /** The first old version: four keys, and no timestamp in any event of the loan. */
  FIRST_VERSION
}
