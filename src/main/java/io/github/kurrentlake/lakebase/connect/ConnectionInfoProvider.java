package io.github.kurrentlake.lakebase.connect;

import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.settings.SecretPlace;
import java.io.Serializable;

/**
 * Who logs in where. It names the places of secrets and holds none, so that it may travel to
 * executors and into plans; {@link #fetch} reads the password, or asks Databricks for a token,
 * where it is called. Its text form is the one that {@link #parse} reads.
 */
public interface ConnectionInfoProvider extends Serializable {
  String PASSWORD = "LAKEBASE_PASSWORD";

  /** The database of every new Lakebase. */
  String DEFAULT_DATABASE = "databricks_postgres";

  /**
   * Login data as of now; a token is a new one. {@link Connections} keeps it as long as it is good.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-103 or KL-104 for a secret that is
   *     not there, KL-605 or KL-606 from Databricks
   */
  ConnectionInfo fetch();

  /**
   * What a task of Spark logs in with: this, if an executor can find the secret by itself; else a
   * token or password that was fetched now. It belongs into partitions and nothing else, since
   * Spark neither shows nor stores those.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException as {@link #fetch}
   */
  default ConnectionInfoProvider forTasks() {
    return this;
  }

  /**
   * Reads the name of a Lakebase:
   *
   * <ul>
   *   <li>{@code projects/P/branches/B/endpoints/E}: an endpoint of Lakebase Autoscaling
   *   <li>{@code instances/NAME}: an instance of Lakebase Provisioned
   *   <li>{@code postgresql://USER@HOST:PORT/DATABASE}: any Postgres; the password comes from the
   *       environment's {@code LAKEBASE_PASSWORD_FILE} or {@code LAKEBASE_PASSWORD}
   * </ul>
   *
   * The first two log in with a token of the Databricks identity that runs this. They may end in
   * {@code ?database=NAME}, else it is {@code databricks_postgres}, and {@code &user=ROLE}, else it
   * is the identity's own role. The third may end in {@code ?sslrootcert=FILE}.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-601 for any other form
   */
  static ConnectionInfoProvider parse(String name, Environment environment) {
    return LakebaseName.parse(
        name, SecretPlace.find(environment, PASSWORD).orElseGet(SecretPlace.Nowhere::new));
  }
}
