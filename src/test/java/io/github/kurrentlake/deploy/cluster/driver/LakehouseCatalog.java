package io.github.kurrentlake.deploy.cluster.driver;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.catalog.DeltaCatalog;
import org.apache.spark.sql.execution.datasources.v2.V2SessionCatalog;

/**
 * The catalog of the lakehouse, so that names have three parts as in Unity Catalog. Behind it is
 * the session's own catalog. It cannot show grants, credentials, managed storage, predictive
 * optimization, or that commits go through the catalog; nor does it outlive the driver.
 */
// Scala wrote what this extends.
@SuppressWarnings("overrides")
public final class LakehouseCatalog extends DeltaCatalog {
  static final String NAME = "loan_lakehouse";

  public LakehouseCatalog() {
    var session = (org.apache.spark.sql.classic.SparkSession) SparkSession.active();
    setDelegateCatalog(new V2SessionCatalog(session.sessionState().catalog()));
  }

  @Override
  public String name() {
    return NAME;
  }
}
