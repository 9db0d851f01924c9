package io.github.kurrentlake.lakebase.connect;

/**
 * An endpoint of Lakebase Autoscaling.
 *
 * @param name {@code projects/P/branches/B/endpoints/E}
 * @param role the Postgres role; empty for that of the Databricks identity
 */
public record AutoscalingEndpoint(String name, String database, String role)
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
