/**
 * A real PostgreSQL for a laptop and for tests, from binaries that Maven brings; nothing is
 * installed. The launcher, the benchmark and tests start it; it may use settings, errors and the
 * way to connect, and is not in the deployed jar.
 */
package io.github.kurrentlake.embedded.postgres;
