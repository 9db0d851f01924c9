package io.github.kurrentlake.deploy.cluster.driver;

import org.apache.spark.sql.SparkSessionExtensions;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/** Puts the SQL of Databricks before that of Spark and Delta, in every session. */
public final class ClusterExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    extensions.injectParser(ClusterParser::new);
    return BoxedUnit.UNIT;
  }
}
