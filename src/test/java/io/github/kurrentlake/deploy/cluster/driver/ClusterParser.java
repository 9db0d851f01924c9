package io.github.kurrentlake.deploy.cluster.driver;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.parser.ParserInterface;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The parser of a session. It notes each statement, takes those that only Databricks knows, and
 * refuses a session whose settings a cluster would not have taken: that they were set is noticed
 * when the session parses the next time.
 */
final class ClusterParser implements ParserInterface {
  private final SparkSession session;
  private final ParserInterface next;
  private final UnityStatements unity;

  ClusterParser(SparkSession session, ParserInterface next) {
    this.session = session;
    this.next = next;
    this.unity = new UnityStatements(session, next);
  }

  @Override
  public LogicalPlan parsePlan(String statement) throws ParseException {
    requireKnownSettings();
    TaskContext.of(session).noteStatement(statement);
    return unity.parse(statement);
  }

  @Override
  public LogicalPlan parseQuery(String query) throws ParseException {
    requireKnownSettings();
    return next.parseQuery(query);
  }

  @Override
  public Expression parseExpression(String expression) throws ParseException {
    requireKnownSettings();
    return next.parseExpression(expression);
  }

  @Override
  public Seq<String> parseMultipartIdentifier(String name) throws ParseException {
    requireKnownSettings();
    return next.parseMultipartIdentifier(name);
  }

  @Override
  public TableIdentifier parseTableIdentifier(String name) throws ParseException {
    return next.parseTableIdentifier(name);
  }

  @Override
  public FunctionIdentifier parseFunctionIdentifier(String name) throws ParseException {
    return next.parseFunctionIdentifier(name);
  }

  @Override
  public StructType parseRoutineParam(String text) throws ParseException {
    return next.parseRoutineParam(text);
  }

  @Override
  public StructType parseTableSchema(String text) throws ParseException {
    return next.parseTableSchema(text);
  }

  @Override
  public DataType parseDataType(String text) throws ParseException {
    return next.parseDataType(text);
  }

  private void requireKnownSettings() {
    var cluster = session.sparkContext().conf();
    CollectionConverters.asJava(session.conf().getAll())
        .forEach(
            (name, value) -> {
              if (name.startsWith("spark.databricks.")
                  && !ClusterContents.DOCUMENTED.contains(name)
                  && !value.equals(cluster.get(name, ""))) {
                throw new IllegalStateException(
                    "a session of a task set %s, which Databricks does not document"
                        .formatted(name));
              }
            });
  }
}
