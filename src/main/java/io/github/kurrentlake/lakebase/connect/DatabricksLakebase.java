package io.github.kurrentlake.lakebase.connect;

/**
 * A Lakebase on Databricks.
 *
 * @param name {@code instances/NAME} of Lakebase Provisioned, or {@code
 *     projects/P/branches/B/endpoints/E} of Lakebase Autoscaling
 * @param role the Postgres role; empty for that of the Databricks identity
 */
public record DatabricksLakebase(String name, String database, String role)
    implements ConnectionInfoProvider {

  @Override
  public ConnectionInfo fetch() {
    return DatabricksLogin.ofProcess().login(this);
  }

  /** Executors have no identity at Databricks. */
  @Override
  public ConnectionInfoProvider forTasks() {
    return DeliveredLogin.of(this);
  }

  @Override
  public String toString() {
    return name + LakebaseName.query(database, role);
  }
}
