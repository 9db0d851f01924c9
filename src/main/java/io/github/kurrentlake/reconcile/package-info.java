/**
 * The proof that nothing is missing: KurrentDB's index against Bronze, Bronze against Silver and
 * quarantine, these against Gold, and the repair of what differs. Called by a task, the launcher
 * and notebooks; uses the layers' public methods, and no layer knows it.
 */
package io.github.kurrentlake.reconcile;
