package io.github.kurrentlake.deploy.cluster.driver;

/** As whom a task runs. */
public enum Principal {
  /** Who may do all in the catalog. */
  OWNER,
  /** Who may read and write what is there, and make nothing. */
  RESTRICTED
}
