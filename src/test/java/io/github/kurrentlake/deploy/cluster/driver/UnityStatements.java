package io.github.kurrentlake.deploy.cluster.driver;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.parser.ParserInterface;
import org.apache.spark.sql.catalyst.plans.logical.CreateTable;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The statements of Databricks' SQL that open-source Spark does not know. They are checked, done as
 * far as there is something to do, and the rest of the statement goes on. Volumes are made, and
 * permissions refused, while a statement is parsed.
 */
final class UnityStatements {
  private static final String NAME = "((?:`[^`]+`|\\w+)(?:\\.(?:`[^`]+`|\\w+))*)";
  private static final Pattern CREATE_VOLUME =
      pattern("CREATE\\s+VOLUME\\s+(IF\\s+NOT\\s+EXISTS\\s+)?" + NAME + "(?:\\s+COMMENT\\s+'.*')?");
  private static final Pattern SHOW_VOLUMES = pattern("SHOW\\s+VOLUMES\\s+(?:IN|FROM)\\s+" + NAME);
  private static final Pattern MAKES_SCHEMA =
      pattern("CREATE\\s+(?:SCHEMA|DATABASE|NAMESPACE)\\s.*");
  private static final Pattern MAKES_TABLE =
      pattern("(?:CREATE|(?:CREATE\\s+OR\\s+)?REPLACE)\\s+TABLE\\s.*");
  private static final Pattern PRIMARY_KEY =
      Pattern.compile(
          ",\\s*CONSTRAINT\\s+`[^`]+`\\s+PRIMARY\\s+KEY\\s*"
              + "\\(\\s*(`?\\w+`?(?:\\s*,\\s*`?\\w+`?)*)\\s*\\)(?:\\s+(?:RELY|NORELY))?(?=\\s*\\))",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern ANY_KEY =
      Pattern.compile("\\bPRIMARY\\s+KEY\\s*\\(", Pattern.CASE_INSENSITIVE);

  private final SparkSession session;
  private final ParserInterface next;

  UnityStatements(SparkSession session, ParserInterface next) {
    this.session = session;
    this.next = next;
  }

  LogicalPlan parse(String statement) throws ParseException {
    var createVolume = CREATE_VOLUME.matcher(statement);
    if (createVolume.matches()) {
      return createVolume(createVolume);
    }
    var showVolumes = SHOW_VOLUMES.matcher(statement);
    if (showVolumes.matches()) {
      return showVolumes(name(showVolumes.group(1), 2));
    }
    if (MAKES_SCHEMA.matcher(statement).matches()) {
      requireOwner("CREATE SCHEMA on Catalog '%s'".formatted(LakehouseCatalog.NAME));
    }
    if (MAKES_TABLE.matcher(statement).matches()) {
      requireOwner("CREATE TABLE on a schema");
      return createTable(statement);
    }
    return next.parsePlan(statement);
  }

  private LogicalPlan createVolume(Matcher statement) throws ParseException {
    var name = name(statement.group(2), 3);
    requireOwner("CREATE VOLUME on Schema '%s.%s'".formatted(name.get(0), name.get(1)));
    if (!session.catalog().databaseExists(name.get(0) + "." + name.get(1))) {
      throw refused("SCHEMA_NOT_FOUND", name.get(1));
    }
    var isNew = volume(name.get(0), name.get(1), name.get(2)).mkdirs();
    if (!isNew && statement.group(1) == null) {
      throw refused("VOLUME_ALREADY_EXISTS", name.get(2));
    }
    return next.parsePlan("SELECT 1 WHERE false");
  }

  private LogicalPlan showVolumes(List<String> schema) throws ParseException {
    var volumes = volume(schema.get(0), schema.get(1), ".").list();
    var rows =
        Arrays.stream(volumes == null ? new String[0] : volumes)
            .sorted()
            .map(volume -> "('%s', '%s')".formatted(schema.get(1), volume))
            .collect(Collectors.joining(", "));
    return next.parsePlan(
        rows.isEmpty()
            ? "SELECT '' AS database, '' AS volume_name WHERE false"
            : "SELECT * FROM VALUES %s AS volumes(database, volume_name)".formatted(rows));
  }

  /** Takes a primary key out; Unity Catalog would keep it, and enforces none either. */
  private LogicalPlan createTable(String statement) throws ParseException {
    var key = PRIMARY_KEY.matcher(statement);
    if (!key.find()) {
      if (ANY_KEY.matcher(statement).find()) {
        throw refused("PARSE_SYNTAX_ERROR", statement);
      }
      return next.parsePlan(statement);
    }
    var plan = next.parsePlan(key.replaceFirst(""));
    var required =
        CollectionConverters.asJava(((CreateTable) plan).columns()).stream()
            .filter(column -> !column.nullable())
            .map(column -> column.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    requireColumns(required, key.group(1));
    return plan;
  }

  private static void requireColumns(Set<String> required, String key) {
    var columns = new ArrayList<String>();
    for (var column : key.split(",", -1)) {
      columns.add(column.replace("`", "").strip().toLowerCase(Locale.ROOT));
    }
    if (!required.containsAll(columns)) {
      throw refused("a primary key needs columns of the table that are NOT NULL", key);
    }
  }

  private void requireOwner(String permission) {
    switch (TaskContext.of(session).principal()) {
      case OWNER -> {}
      case RESTRICTED ->
          throw new SecurityException(
              "PERMISSION_DENIED: User does not have %s.".formatted(permission));
    }
  }

  private List<String> name(String text, int parts) throws ParseException {
    var name = CollectionConverters.asJava(next.parseMultipartIdentifier(text));
    if (name.size() != parts || !name.get(0).equals(LakehouseCatalog.NAME)) {
      throw refused("a name of %d parts in the lakehouse's catalog".formatted(parts), text);
    }
    return name;
  }

  private File volume(String catalog, String schema, String name) {
    var root = session.sparkContext().hadoopConfiguration().get(DbfsFileSystem.ROOT);
    return DbfsFileSystem.volume(new File(root), catalog, schema, name);
  }

  private static IllegalArgumentException refused(String why, String what) {
    return new IllegalArgumentException("[%s] %s".formatted(why, what));
  }

  private static Pattern pattern(String statement) {
    return Pattern.compile(
        "\\s*" + statement + "\\s*;?\\s*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }
}
