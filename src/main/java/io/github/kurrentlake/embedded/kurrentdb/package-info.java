/**
 * A KurrentDB for a laptop and for the tests: the Flight SQL endpoint of KurrentDB 26.1 over
 * DuckDB, as faithful as its public description allows. Only the launcher and the tests call it; it
 * is not in the deployed jar, and production code cannot import it.
 */
package io.github.kurrentlake.embedded.kurrentdb;
