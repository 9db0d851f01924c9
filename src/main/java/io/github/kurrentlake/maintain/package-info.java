/**
 * Keeps tables fast to read and small on disk over years of hourly runs: their files are put
 * together, and those that no version needs any more removed. It may use the layers, to know who
 * still reads what, and writes none of their rows.
 */
package io.github.kurrentlake.maintain;
