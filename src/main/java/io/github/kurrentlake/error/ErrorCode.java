package io.github.kurrentlake.error;

/**
 * The catalogue of errors. The texts are static, so that logs can be searched and counted by them;
 * what varies (an endpoint, a line number) is added to the exception as a detail.
 */
public enum ErrorCode {
  UNKNOWN_OPTION(
      "KL-101",
      "An option is not known.",
      "The command line names an option that this command does not have.",
      "Run the command with --help and use one of the options listed there."),
  BAD_OPTION(
      "KL-102",
      "An option has a value that cannot be used.",
      "The value does not have the form that the option's description asks for.",
      "Give a value of that form; --help shows every option with its form and default."),
  MISSING_OPTION(
      "KL-103",
      "A setting that has no default was not given.",
      "Neither the option nor its environment variable is set.",
      "Give the option, or set the environment variable named here."),
  UNREADABLE_FILE(
      "KL-104",
      "A file named in the settings cannot be read.",
      "It does not exist, is a directory, or this user may not read it.",
      "Check the path and its permissions."),
  CONFLICTING_OPTIONS(
      "KL-105",
      "Two options exclude each other.",
      "Each of them says where the events come from, or needs what the other one takes away.",
      "Leave one of them out; --help says what each is for."),
  SECRET_IN_OPTIONS(
      "KL-106",
      "Credentials must not be given as options of the source.",
      "Spark shows options in plans and logs them.",
      "Remove the option and use what is named here instead. An environment variable or a file must"
          + " be there on the driver and on every executor."),
  SECRET_UNREADABLE(
      "KL-107",
      "A secret of Databricks cannot be read.",
      "There is no such scope or key, the user of the driver may not read it, or the driver has no"
          + " identity in a Databricks workspace.",
      "Check SCOPE/KEY with databricks secrets list-secrets SCOPE, and give this user READ on the"
          + " scope; outside Databricks set DATABRICKS_HOST and what its SDK needs to log in."),
  BAD_PIPELINE(
      "KL-108",
      "A pipeline.yaml cannot be used.",
      "The lines named here break the form that pipeline.schema.json gives, or contradict each other.",
      "Mend these lines; docs/pipelines.md has every key with its meaning."),

  UNAUTHENTICATED(
      "KL-201",
      "KurrentDB refused the user name or password.",
      "The credentials were sent, but they are not those of a KurrentDB user.",
      "Set KURRENTDB_USERNAME and KURRENTDB_PASSWORD, or the files or Databricks secrets that stand"
          + " in for them, to a user of this cluster."),
  ACCESS_DENIED(
      "KL-202",
      "The KurrentDB user may not read the log.",
      "No credentials arrived, or the user may not read $all, which SQL needs.",
      "Use a member of $admins, or give the user read access to $all."),
  UNREACHABLE(
      "KL-203",
      "KurrentDB does not answer.",
      "The host name, the port or the network between is wrong, or the node is down.",
      "Check the endpoint (grpc+tls://HOST:2113) and that the port can be reached from here."),
  UNTRUSTED_CERTIFICATE(
      "KL-204",
      "The TLS certificate of KurrentDB is not trusted.",
      "It was signed by an authority that this machine does not know, it does not name the host, or"
          + " the node speaks no TLS on this port.",
      "Pass the cluster's CA certificate as a PEM file with --tls-ca, and use the host name that the"
          + " certificate names. For a node without TLS the endpoint begins with grpc:// instead."),
  NOT_LICENSED(
      "KL-205",
      "KurrentDB has no licence for Arrow Flight SQL.",
      "The node runs, but its licence does not have the entitlement ARROW_FLIGHT_SQL. A single node of 26.2 or"
          + " newer needs none; 26.1 and clusters do.",
      "Add a licence key to the node (KURRENTDB_LICENSING__LICENSE_KEY) and restart it, or try a single"
          + " node of 26.2."),
  QUERY_FAILED(
      "KL-206",
      "KurrentDB could not run a query.",
      "The server gives no reason; usual ones are a column or table that this version does not have, an index"
          + " that is still being built, or too little memory or room for temporary files.",
      "Run the statement given here in KurrentDB's query page, which shows the reason."),
  NO_FLIGHT_SQL(
      "KL-207",
      "The endpoint answers, but does not offer Arrow Flight SQL.",
      "It is KurrentDB older than 26.1, has SecondaryIndexing disabled, or is another service.",
      "Point the endpoint at a KurrentDB 26.1 or newer with SecondaryIndexing enabled."),
  UNKNOWN_CATEGORY(
      "KL-208",
      "KurrentDB holds no event of this category.",
      "The category is misspelt (it is case-sensitive), nothing was written to it yet, or its index is"
          + " still being built.",
      "List what there is with kurrentlake categories, and correct the category of the pipeline."),
  SOURCE_WENT_BACK(
      "KL-209",
      "KurrentDB's log is not the one that this lakehouse was filled from.",
      "The newest events in Bronze are missing in KurrentDB or are others there: the cluster was"
          + " restored or truncated, the endpoint points at another cluster, or the node lags behind"
          + " or is still building its index.",
      "Point the endpoint at the former cluster, or use a new lakehouse for this one; if the node is"
          + " only behind, run again later."),
  BAD_ENDPOINT(
      "KL-210",
      "The endpoint is not a KurrentDB Flight SQL address.",
      "It does not read grpc+tls://HOST:PORT or grpc://HOST:PORT.",
      "Write the endpoint as grpc+tls://HOST:2113, without user name and password."),
  TIMED_OUT(
      "KL-211",
      "KurrentDB stopped answering.",
      "The connection stands, but nothing arrived for as long as a call may wait: the node is"
          + " overloaded or frozen, or the network drops packets.",
      "Check the node's load; for a query that needs longer give the source a longer callTimeout."),
  CONNECTION_BROKEN(
      "KL-212",
      "The connection to KurrentDB broke while it was in use, again and again.",
      "The node restarts, or something between it and this machine cuts or damages connections.",
      "Check the node's log and the proxies or load balancers between."),
  QUERY_INTERRUPTED(
      "KL-213",
      "KurrentDB gave up a query that it accepts, again and again.",
      "The node restarts, or its memory does not suffice for the query.",
      "Check the node's log; give it more memory, or read fewer columns or a shorter range."),
  RESULT_TOO_LARGE(
      "KL-214",
      "An answer of KurrentDB does not fit into the memory of a task.",
      "A single event or group is larger than a task may hold.",
      "Give the source a larger maxMemoryPerTask, several times the size of the largest event."),
  EVENTS_MISSING(
      "KL-215",
      "KurrentDB sent fewer events than its index had counted.",
      "Another node of the cluster answered that is behind, the node is building its index again, or"
          + " the log was truncated.",
      "Run again when all nodes have caught up; nothing was written from this read."),
  SOURCE_BEHIND(
      "KL-216",
      "KurrentDB's log ends before the position that the stream has reached or the read ends at.",
      "The cluster was restored or truncated, the endpoint points at another cluster or several"
          + " nodes, or the node lags behind or is building its index again.",
      "If the node is only behind, run again later; nothing was skipped. For another cluster use a new"
          + " checkpoint."),
  COLUMN_DIFFERS(
      "KL-217",
      "A column of KurrentDB has another type than was asked for.",
      "The schema that was given for the source does not fit this table.",
      "Leave the schema out, or give the column the type that the source shows without one."),
  SEVERAL_NODES(
      "KL-218",
      "KurrentDB does not know the ticket that it gave for a query, again and again.",
      "A load balancer or proxy sends the calls of one connection to several nodes; a ticket is good"
          + " for the node that gave it.",
      "Name one node's own address in the endpoint, or let the load balancer keep a connection with one"
          + " node (TCP instead of HTTP/2)."),

  NOT_A_LAKEHOUSE(
      "KL-301",
      "The directory is not a lakehouse of Kurrentlake.",
      "It holds files, but was not made by Kurrentlake.",
      "Name a new or empty directory, or one that an earlier run made."),
  NO_LAKEHOUSE(
      "KL-302",
      "There is no lakehouse in this directory.",
      "Nothing has been run there yet, or the path is misspelt.",
      "Run ./jobs/kurrentlake run first, or name the right directory with --lakehouse."),
  SQL_FAILED(
      "KL-303",
      "The SQL statement could not be run.",
      "Spark refused it for the reason given here.",
      "Mend the statement; SHOW TABLES IN gold lists what there is."),
  TABLE_DIFFERS(
      "KL-304",
      "A table exists with a column of another type.",
      "It was made by other software, or by another version of Kurrentlake.",
      "Give the column another name in the declaration, move the table away, or name another"
          + " catalog; kurrentlake plan says so before a run."),
  TABLE_MISSING(
      "KL-305",
      "A table that this task reads does not exist.",
      "The task before it in the workflow has not run yet in this catalog.",
      "Run the workflow from its first task, or check the catalog's name."),
  STREAM_RESTARTED_ELSEWHERE(
      "KL-306",
      "A Silver stream cannot go on from its checkpoint.",
      "The Bronze table was dropped and made again, or what the checkpoint needs of it was removed by"
          + " VACUUM or log clean-up.",
      "Delete the checkpoint directory named here and run again: the stream begins with all that"
          + " Bronze holds, and what Silver has already is not written twice."),
  TOO_MANY_QUARANTINED(
      "KL-307",
      "More events went to quarantine than the projection allows.",
      "Producers write payloads that the projection cannot read. All events of the run are stored:"
          + " those that could be read in Silver, the others in ops.quarantine.",
      "See ./jobs/kurrentlake quarantine, or SELECT * FROM ops.quarantine WHERE state = 'open'. Mend"
          + " the declaration: the next run takes the events out of quarantine on its own. Or dismiss"
          + " them."),
  NOT_IN_QUARANTINE(
      "KL-308",
      "No such event is in quarantine.",
      "No event at this position was ever quarantined; for a dismissal, none is open.",
      "Run ./jobs/kurrentlake quarantine: it lists what is there, with a position of each kind."),
  UNKNOWN_PROJECTION(
      "KL-309",
      "There is no projection of this name.",
      "The name is misspelt, or the workflow has no task of it.",
      "Use one of the names listed here."),
  TABLE_CONTENDED(
      "KL-310",
      "Other runs kept writing a table that this one writes.",
      "Several runs of the same task went on at the same time, and Delta refused this one's commit"
          + " again and again. Nothing is lost or doubled.",
      "Run one at a time; run again to go on."),
  STORAGE_UNUSABLE(
      "KL-311",
      "The storage of the lakehouse cannot be used.",
      "Spark has no file system of this scheme, or the storage refuses this user or is not reached.",
      "On Databricks name a catalog, or a path in an external location that this user may write to."
          + " Elsewhere give spark-submit the file system's package and its spark.hadoop.fs.*"
          + " settings; Amazon's is s3a://."),
  NO_CHECKPOINT_PLACE(
      "KL-312",
      "Nobody says where the checkpoints of streams lie.",
      "The tables lie in a catalog, and only on Databricks a catalog has volumes for files.",
      "Name a directory with --checkpoints that all runs reach."),
  STORAGE_FULL(
      "KL-313",
      "The storage is full.",
      "The disk or quota of the lakehouse, of its checkpoints or of Spark's temporary files"
          + " (spark.local.dir) has no room left. Every commit that was made stays.",
      "Make room, or move Spark's temporary files to another disk, and run again: it goes on where it"
          + " stopped."),
  FILE_LOST(
      "KL-314",
      "A data file of a table is gone.",
      "The table's log lists a file that was deleted, or left out of a copy or a backup.",
      "Bring the file back from a backup. Otherwise move the table's directory away (in a catalog: drop"
          + " the table) and run again: Bronze is read again from KurrentDB or Postgres, Silver and"
          + " quarantine from Bronze, Gold from Silver."),
  FILE_DAMAGED(
      "KL-315",
      "A data file of a table cannot be read.",
      "It was cut or overwritten after it was written: it is no whole Parquet file any more.",
      "Bring the file back from a backup. Otherwise move the table's directory away (in a catalog: drop"
          + " the table) and run again: Bronze is read again from KurrentDB or Postgres, Silver and"
          + " quarantine from Bronze, Gold from Silver."),
  TABLE_LOG_DAMAGED(
      "KL-316",
      "The log of a Delta table is damaged.",
      "An entry in the table's _delta_log is missing, or holds no JSON of Delta: it was deleted, cut,"
          + " overwritten, or left out of a copy or a backup.",
      "Bring the table's directory back from a backup. Otherwise move it away and run again: Bronze is"
          + " read again from KurrentDB or Postgres, Silver and quarantine from Bronze, Gold from"
          + " Silver."),
  TABLE_CHECKPOINT_DAMAGED(
      "KL-317",
      "A checkpoint in the log of a Delta table cannot be read.",
      "The checkpoint file in the table's _delta_log was cut or overwritten.",
      "Move the checkpoint file away: Delta then reads an older one and the JSON entries since. If it"
          + " does not have some of these (KL-316), bring the table's directory back from a backup."),
  STREAM_CHECKPOINT_DAMAGED(
      "KL-318",
      "The checkpoint of a stream is damaged.",
      "A file below the checkpoint directory was cut, emptied or deleted, or two runs used it at once.",
      "Let one run at a time use it. Delete the checkpoint directory named here and run again: a stream"
          + " into Silver begins with all that Bronze holds and writes nothing twice. One of your own"
          + " begins again. For an ingest from Postgres also give --resync yes."),
  CHECKSUM_DIFFERS(
      "KL-319",
      "A file does not match the checksum beside it.",
      "The file was changed, or it was put there without its checksum and met that of a former file of"
          + " this name (.NAME.crc).",
      "Where the file itself is whole, as one that was brought back by hand, delete its checksum"
          + " .NAME.crc in the same directory. Otherwise bring both back from a backup."),
  STORAGE_READ_ONLY(
      "KL-320",
      "The lakehouse may not be written to.",
      "Its storage is mounted read-only, or this user has no right to write there. A query that only"
          + " reads needs none.",
      "Give this user the right to write, or name another lakehouse."),
  UNKNOWN_CATALOG(
      "KL-321",
      "Spark has no catalog of this name.",
      "Outside Databricks a catalog exists only where spark.sql.catalog.NAME says its class.",
      "Set spark.sql.catalog.NAME, name spark_catalog, or name a directory: a path with a slash, such as"
          + " ./lakehouse."),
  NO_DELTA(
      "KL-322",
      "Delta Lake is not on Spark's class path.",
      "A Spark distribution has no Delta, and neither has the jar of Kurrentlake.",
      "Give spark-submit --packages io.delta:delta-spark_4.0_2.13:4.4.0 (the first number is Spark's), or"
          + " --jars with delta-spark and delta-storage."),
  DELTA_TOO_OLD(
      "KL-323",
      "Delta Lake is too old.",
      "Delta before 4.4.0 makes no generated columns in tables that a path names.",
      "Use delta-spark and delta-storage 4.4.0 or newer, of the line of your Spark."),
  LAYERS_DIFFER(
      "KL-324",
      "The layers of the lakehouse do not hold the same events.",
      "Rows were deleted, doubled or changed by others, or lost by what Kurrentlake should have"
          + " survived. ops.reconciliation has all of it.",
      "Run the same with --repair=yes: it brings again what is missing. What is doubled or altered is"
          + " left alone: replay makes it again from the layer before."),
  REPLAY_DIFFERS(
      "KL-325",
      "The replay gives other rows than the tables hold, and no declaration has changed.",
      "Rows were deleted, doubled or changed by others, or KurrentDB now holds other events. Nothing was"
          + " switched, and the replay is kept.",
      "Look at what differs, which --dry-run shows by column. Then run the same with --accept-differences=yes, or"
          + " --drop."),
  REPLAY_OPEN(
      "KL-326",
      "Another replay has begun and is not finished.",
      "It was interrupted, its differences were not accepted, or it is running elsewhere. It was asked"
          + " for otherwise, or by another declaration.",
      "Run it again as it was asked for to finish it, or give it up with --drop, then start this one."),
  NO_REPLAY(
      "KL-327",
      "There is no replay to roll back.",
      "None has switched a table, or the last one was rolled back already.",
      "Look with --status at the replays that there were."),
  ROLLBACK_LOST(
      "KL-328",
      "What the tables held before the replay is no longer there.",
      "VACUUM has removed the files of that time, or the table was made again since.",
      "Replay with the declaration that should hold."),
  REPLAY_HALF_SWITCHED(
      "KL-329",
      "A replay that has switched a table can't be given up.",
      "It was stopped between the commits that switch its tables: those named here have the new"
          + " rows, and the others have the old ones.",
      "Run the same replay again, which finishes it; --rollback then gives all tables their former"
          + " rows."),
  UNKNOWN_STREAM(
      "KL-330",
      "There is no such stream to erase.",
      "No table has an event of it, and it was never erased: its name is misspelt or empty, in upper"
          + " and lower case too, or it is not in Bronze yet.",
      "Give the stream's name as column stream of bronze.events has it; run the ingest first for one"
          + " that only KurrentDB has."),
  PURGE_TOO_EARLY(
      "KL-331",
      "Files must not be removed yet that a task still has to read.",
      "A retention was given that is shorter than the tables' own, and the tasks of the tables named"
          + " here have not come to the end of Bronze.",
      "Run the workflow, then purge again; or leave the retention out, which gives the tasks the time"
          + " that the tables have."),
  OTHER_PIPELINES_TABLE(
      "KL-332",
      "A table is another pipeline's.",
      "It was made for the events of another category, and two pipelines of one lakehouse gave their"
          + " tables the same name.",
      "Give the table another name in one of the declarations, or use another lakehouse."),

  UNKNOWN_TASK(
      "KL-401",
      "The workflow has no task with this key.",
      "The task key is misspelt, or the workflow file is another one.",
      "Use one of the task keys listed here."),
  BAD_WORKFLOW(
      "KL-402",
      "The workflow file cannot be used.",
      "It is not a Databricks job with spark_jar_task tasks, or its tasks depend on unknown tasks or in"
          + " a circle.",
      "Compare it with the workflow.json of this repository."),
  TASK_FAILED(
      "KL-403",
      "A task of the workflow failed.",
      "The task ended with an error that Kurrentlake does not know.",
      "Look into the log of the task (of a command: run it again with --verbose) for the whole"
          + " report. A run goes on where it stopped."),
  NO_SPARK_SUBMIT(
      "KL-404",
      "SPARK_HOME does not hold a Spark distribution.",
      "SPARK_HOME is set, but has no bin/spark-submit.",
      "Point SPARK_HOME at a Spark distribution, or unset it."),

  BAD_EVENTS_FILE(
      "KL-501",
      "The events file is malformed.",
      "A needed column is missing or of the wrong type, or a record stands out of order.",
      "Each line is one JSON object with log_position, stream, schema_name, created_at and data, in"
          + " ascending log_position."),
  PORT_IN_USE(
      "KL-502",
      "The port is already in use.",
      "Another process, perhaps another embedded KurrentDB, listens on it.",
      "Stop that process, or choose another port with --port (0 takes any free one)."),
  LOG_NOT_ASCENDING(
      "KL-503",
      "A record stands before the end of the log.",
      "The log only grows: log_position (for a legacy transaction commit_position) ascends, and no"
          + " log_position occurs twice.",
      "Append the records in the order of the log, behind those that the log already holds."),
  NO_EMBEDDED_POSTGRES(
      "KL-504",
      "The PostgreSQL of this laptop could not be started.",
      "There is none for this system, the directory cannot be used, or the process is root where"
          + " neither unshare nor setpriv may take that away, which PostgreSQL asks for.",
      "Run as another user than root, or name a PostgreSQL that runs already."),
  POSTGRES_IN_USE(
      "KL-505",
      "Another process uses this PostgreSQL directory.",
      "A command that was given the same directory is still running.",
      "Wait for it or stop it, or name another directory."),

  BAD_LAKEBASE(
      "KL-601",
      "The name of a Lakebase cannot be used.",
      "It is none of the forms that there are, has a parameter that it cannot have, or holds a"
          + " password, which would be shown in logs.",
      "Mend what the reason says, if there is one. Else write instances/NAME, projects/P/branches/B/endpoints/E or"
          + " postgresql://USER@HOST:PORT/DB; the password of the last comes from LAKEBASE_PASSWORD or LAKEBASE_PASSWORD_FILE."),
  LAKEBASE_LOGIN_REFUSED(
      "KL-602",
      "Postgres refused the login.",
      "The password or token is wrong, empty or expired, or there is no such role; a fresh token was"
          + " tried as well.",
      "Check the user, and that the role exists in this database; on Databricks that the identity of"
          + " this job has a Postgres role in the instance."),
  LAKEBASE_UNREACHABLE(
      "KL-603",
      "Postgres does not answer, or broke the connection.",
      "The host name, the port or the network between is wrong, or the server is stopped or has too"
          + " many connections.",
      "Check the address and the state of the instance, and that its port can be reached from here."),
  LAKEBASE_NOT_TRUSTED(
      "KL-604",
      "The connection to Postgres cannot be encrypted as it must be.",
      "The server speaks no TLS, its certificate was signed by an authority that this machine does not"
          + " know, or it does not name the host.",
      "Use the host name that the certificate names; add ?sslrootcert=FILE for an authority of your"
          + " own. Only loopback may do without TLS."),
  DATABRICKS_REFUSED(
      "KL-605",
      "Databricks gave no way into the Lakebase.",
      "The workspace cannot be reached, does not know this identity, or does not let it use the"
          + " instance.",
      "Check DATABRICKS_HOST and the credentials that the Databricks SDK finds, and the identity's"
          + " permission on the instance."),
  NO_SUCH_LAKEBASE(
      "KL-606",
      "There is no such Lakebase to connect to.",
      "The name is misspelt, it is in another workspace, or it is stopped or still being made.",
      "Check the name in the workspace's list of Lakebase projects and instances, and its state."),
  LAKEBASE_DENIED(
      "KL-607",
      "The Postgres role may not do this.",
      "A privilege on the schema, the table or the database is missing.",
      "GRANT the role what it does not have; the statement of Postgres is given here."),
  LAKEBASE_LOCKED(
      "KL-608",
      "Another transaction stands in the way.",
      "It holds a lock that this one waited for in vain, or both waited for each other.",
      "Run again; if it happens again, look for the long transaction in pg_stat_activity."),
  LAKEBASE_FAILED(
      "KL-609",
      "Postgres could not run a statement.",
      "Postgres refused it for the reason given here.",
      "Mend the statement or the values; the SQLSTATE says the kind of error."),
  BAD_IDENTIFIER(
      "KL-610",
      "A name cannot be one in Postgres.",
      "Postgres would refuse it, or cut it so that it names something else.",
      "Use 1 to 63 bytes of UTF-8 without NUL."),
  BAD_PG_TYPE(
      "KL-611",
      "A column type is not one that can be declared.",
      "It is misspelt, or has a length, precision or scale that Postgres does not know.",
      "Use a type such as bigint, numeric(12,2), varchar(20), text, timestamptz or jsonb."),
  LAKEBASE_PROGRAM_BROKEN(
      "KL-619",
      "The program that connects to Postgres cannot be started.",
      "A class of the Postgres driver or of Databricks' SDK is missing, of another version, or failed"
          + " when it was first used; the reason says with what.",
      "Look for another version of the library on the class path, such as one that the cluster"
          + " brings, and start the process again: Java does not try such a class a second time."),
  LAKEBASE_TABLE_DIFFERS(
      "KL-612",
      "What is in Postgres differs from what is declared, and cannot be changed by adding to it.",
      "A table, column or index of this name was made by another program or declaration.",
      "Alter or drop it yourself if its data allows, or declare it as it is or under another name."),
  UNIQUE_VIOLATED(
      "KL-613",
      "A row with this key is there already.",
      "The table lets no two rows have the same values in the columns of the constraint.",
      "Use upsert if the newer row shall win, or give the row another key."),
  FOREIGN_KEY_VIOLATED(
      "KL-614",
      "A row refers to one that is not there, or is referred to by one that stays.",
      "The constraint's table and its other table would contradict each other.",
      "Write the row that is referred to first, and delete it last."),
  NOT_NULL_VIOLATED(
      "KL-615",
      "A column that every row must have got no value.",
      "The row's value is null, or a column without default was added to a table with rows.",
      "Give the value, or declare the column optional or with a default."),
  CHECK_VIOLATED(
      "KL-616",
      "A row does not meet a rule of its table.",
      "The constraint named here forbids its values.",
      "Mend the values; the constraint's definition is in pg_constraint."),
  COMMIT_UNKNOWN(
      "KL-617",
      "It is not known whether a transaction was committed.",
      "The connection broke between the commit and its answer.",
      "Look whether the rows are there before doing it again, or use upsert, which may be repeated."),
  ROW_DIFFERS(
      "KL-618",
      "A row does not fit the record it shall become, or the other way round.",
      "A column is missing, has a value that the component's type cannot hold, or is null where the"
          + " component cannot be.",
      "Name the record's components like the columns (snake_case becomes camelCase), with wrapper"
          + " types where a column may be null."),
  LAKEBASE_NO_TABLE(
      "KL-620",
      "There is no such table in Postgres.",
      "The name is misspelt (upper and lower case differ), it lies in another schema or database, or"
          + " this role cannot see it.",
      "Check the name as schema.table, and the database in the name of the Lakebase."),
  LAKEBASE_NO_KEY(
      "KL-621",
      "The Postgres table has no key to read it by.",
      "It has no primary key, or keyColumns names columns that it does not have.",
      "Add a primary key, or name with keyColumns columns that are never null and that no two rows"
          + " share."),
  LAKEBASE_NOT_PREPARED(
      "KL-622",
      "The Postgres table is not prepared for this way of reading it.",
      "The mode, or the deletions that are asked for, need something in Postgres that is not there.",
      "Prepare the table with ChangeTracking, or the statements that the documentation of Lakebase"
          + " shows, or choose another mode."),
  LAKEBASE_SLOT_LOST(
      "KL-623",
      "The replication slot is gone, and with it the changes since the last batch.",
      "It was dropped, or Postgres gave it up because it would have kept too much of the log.",
      "Run the ingest with --resync yes, which reads the whole table again. Give max_slot_wal_keep_size"
          + " more room, or run more often."),
  LAKEBASE_SLOT_TAKEN(
      "KL-624",
      "There is a replication slot of this name that another stream made.",
      "Two streams were given the same slot, or the checkpoint of the stream that made it was"
          + " deleted.",
      "Name another slot, or drop this one with pg_drop_replication_slot if nobody reads it."),
  LAKEBASE_OTHER_CLUSTER(
      "KL-625",
      "Postgres is not the cluster that this stream was reading.",
      "It was restored from a backup, reset, promoted or made as a branch, or the address leads to"
          + " another one: its transactions have other numbers, or the same numbers stand for others.",
      "Point to the former cluster, or run the ingest with --resync yes, which reads the whole table"
          + " again."),
  LAKEBASE_TABLE_CHANGED(
      "KL-626",
      "The columns of the Postgres table changed while it was read.",
      "Somebody ran ALTER TABLE.",
      "Start the stream again; it then reads the new columns. Nothing was written from this read."),
  LAKEBASE_OTHER_STREAM(
      "KL-627",
      "The checkpoint is that of another stream.",
      "It was made in another mode, or by another source.",
      "Use the mode that it was made in, a new checkpoint, or run the ingest with --resync yes."),
  LAKEBASE_TRUNCATED(
      "KL-628",
      "The Postgres table was emptied by TRUNCATE.",
      "The log tells that it was, but not which rows are gone.",
      "Run the ingest with --resync yes, which reads the whole table again."),
  BRONZE_OF_ANOTHER_TABLE(
      "KL-629",
      "The Bronze table belongs to something else than this Postgres table.",
      "Two tables of the same name lie in different schemas, or another task writes this one.",
      "Name another Bronze table with --bronze."),
  LAKEBASE_SLOT_MOVED(
      "KL-630",
      "The replication slot no longer tells all that this stream has not read.",
      "It was dropped and made again under its name, or something else has read it or moved it on.",
      "Run the ingest with --resync yes, which reads the whole table again, and let nobody else use"
          + " the slot."),
  LAKEBASE_PUBLICATION_CHANGED(
      "KL-631",
      "What is published of the Postgres table was changed since this stream began.",
      "The publication was altered or made again, or the table was taken out of it and put back, or"
          + " is another one of this name. What was written meanwhile may not be in the log that the"
          + " slot tells.",
      "Run the ingest with --resync yes, which reads the whole table again."),
  LAKEBASE_VALUE_NOT_LOGGED(
      "KL-632",
      "Postgres did not write a value of a changed row to its log.",
      "The table, or a partition, was without REPLICA IDENTITY FULL when the row was changed. To set"
          + " it again does not bring back what the log does not have, and the stream cannot pass the change.",
      "Run ALTER TABLE ... REPLICA IDENTITY FULL, or ChangeTracking.publish, unless it is set again."
          + " Then run the ingest with --resync yes, which reads the whole table again; a stream of your"
          + " own needs a new checkpoint and a new slot."),
  BRONZE_POSITION_UNKNOWN(
      "KL-633",
      "It cannot be told how far the Bronze table was read from Postgres.",
      "The table was brought back to an earlier version, copied with CLONE, filled by something else,"
          + " or by a Kurrentlake that did not note it with each commit. To go on from the checkpoint"
          + " could write rows twice, or leave some out.",
      "Run the ingest with --resync yes, which reads the whole table again behind what is there. Or"
          + " drop the Bronze table, which is then made and filled again."),

  NOT_SYNCABLE(
      "KL-640",
      "The Delta table cannot be synced into Postgres as it is declared.",
      "A column that was named is missing, or one has a type that Postgres has nothing for.",
      "Name columns that the table has, or sync a table without that column."),
  ROW_NOT_SYNCABLE(
      "KL-641",
      "Postgres cannot hold a row of the Delta table.",
      "The text of the column named here holds a NUL character, or bytes that are no UTF-8. Nothing"
          + " was changed in Postgres.",
      "Mend the row where it is made, for instance with make_valid_utf8(replace(text, char(0), ''))."
          + " Or let the sync do it with --bad-text=replace, or leave such rows out with"
          + " --bad-text=skip."),
  SOURCE_WITHOUT_CHANGES(
      "KL-642",
      "The Delta table does not keep its changes.",
      "The scheduling policies TRIGGERED and CONTINUOUS read its change data feed, which is off.",
      "ALTER TABLE ... SET TBLPROPERTIES (delta.enableChangeDataFeed = true), or use SNAPSHOT."),
  DUPLICATE_KEY(
      "KL-643",
      "Several rows of the Delta table have the same key.",
      "The primary key columns do not tell its rows apart. Nothing was changed in Postgres.",
      "Name more key columns, or with the timeseries key the column whose largest value counts."),
  TARGET_TAKEN(
      "KL-644",
      "The Postgres table is not this sync's to write.",
      "Somebody else made it, or another Delta table is synced into it.",
      "Name another table, or drop this one if nobody needs it."),
  TARGET_MISSING(
      "KL-645",
      "The Postgres table does not exist.",
      "The sync may not make it, and nobody else did.",
      "Run the setup first, or let the sync make what is missing."),
  SYNC_OUTCOME_UNKNOWN(
      "KL-646",
      "The connection broke in a commit, and Postgres cannot be asked how that ended.",
      "Postgres stopped, or the network is gone. All of the commit took place, or nothing.",
      "Run again when Postgres answers; the run finds out by itself."),
  NO_HISTORY(
      "KL-647",
      "The history of this table cannot be kept.",
      "A key column is misspelt, or a column has a name that the history uses for its own.",
      "Name the table's primary key; rename a column valid_from, valid_to or is_current."),
  KEY_IS_NULL(
      "KL-648",
      "A row of the Delta table has no value in a column of its key.",
      "The column named here is null in it, and a primary key of Postgres is never null. Nothing was"
          + " changed in Postgres.",
      "Name key columns that are never null, or give the row a value where it is made, or leave it"
          + " out there: WHERE column IS NOT NULL."),
  TARGET_HELD(
      "KL-649",
      "The synced table cannot be replaced by a new one.",
      "The whole table was to be copied, as for other columns, another key or the policy SNAPSHOT,"
          + " and what is named here hangs on the old one. Nothing was changed in Postgres.",
      "Keep the view's definition (pg_get_viewdef), drop the view or the foreign key, run the sync,"
          + " and make it again. With TRIGGERED a whole copy is seldom needed."),
  INTERNAL(
      "KL-900",
      "Something went wrong that Kurrentlake did not foresee.",
      "This is a defect, or the machine ran out of memory or disk.",
      "Run the command again with --verbose and report what it prints.");

  private final String code;
  private final String problem;
  private final String cause;
  private final String fix;

  ErrorCode(String code, String problem, String cause, String fix) {
    this.code = code;
    this.problem = problem;
    this.cause = cause;
    this.fix = fix;
  }

  /** The short name that users search for, such as {@code KL-201}; never reused. */
  public String code() {
    return code;
  }

  /** What is wrong, in one sentence. */
  public String problem() {
    return problem;
  }

  /** Why it usually happens. */
  public String cause() {
    return cause;
  }

  /** What the user does about it. */
  public String fix() {
    return fix;
  }

  /** What a process ends with: 2 when it was called in a wrong way, else 1. */
  public int exitCode() {
    return switch (this) {
      case UNKNOWN_OPTION,
          BAD_OPTION,
          MISSING_OPTION,
          CONFLICTING_OPTIONS,
          BAD_PIPELINE,
          BAD_ENDPOINT,
          UNKNOWN_TASK,
          UNKNOWN_PROJECTION,
          UNKNOWN_STREAM ->
          2;
      default -> 1;
    };
  }

  /** A new exception of this kind, without details. */
  public KurrentlakeException error() {
    return new KurrentlakeException(this);
  }
}
