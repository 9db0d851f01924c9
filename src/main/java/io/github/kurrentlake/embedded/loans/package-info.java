/**
 * Sample loans as real producers write them, deterministic for a seed. Only the launcher and the
 * tests call it; it uses the record type of the embedded KurrentDB and nothing else.
 */
package io.github.kurrentlake.embedded.loans;
