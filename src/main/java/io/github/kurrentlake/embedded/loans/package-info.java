/**
 * Sample loans as real producers write them, deterministic for a seed, and people who review loans
 * in a Postgres. Only the launcher and the tests call it; it uses the record type of the embedded
 * KurrentDB, and connections to Postgres.
 */
package io.github.kurrentlake.embedded.loans;
