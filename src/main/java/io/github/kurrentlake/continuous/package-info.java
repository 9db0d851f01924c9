/**
 * The tasks of a lifecycle in rounds, one after the other, so that Gold follows the log. It may use
 * the layers, does nothing that their tasks do not do, and may take turns with them.
 */
package io.github.kurrentlake.continuous;
