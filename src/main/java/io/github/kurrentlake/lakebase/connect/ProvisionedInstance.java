package io.github.kurrentlake.lakebase.connect;

/**
 * An instance of Lakebase Provisioned.
 *
 * @param name its name in the workspace
 * @param role the Postgres role; empty for that of the Databricks identity
 */
public record ProvisionedInstance(String name, String database, String role)
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
    return LakebaseName.INSTANCES + name + LakebaseName.query(database, role);
  }
}
