/**
 * The benchmark: Bronze and Silver beside the floors that no pipeline can beat and beside the
 * guide's own cells, all in one run against an embedded KurrentDB in a JVM of its own. The launcher
 * calls it; it is not in the deployed jar. It may use the layers, the sample loans and the embedded
 * KurrentDB.
 */
package io.github.kurrentlake.bench;
