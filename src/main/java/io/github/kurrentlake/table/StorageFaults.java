package io.github.kurrentlake.table;

import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.spark.SparkThrowable;

/**
 * What is wrong with the files below Spark and Delta, found in what led to an exception: a full or
 * read-only disk, files that were lost or cut, a damaged log, Delta itself that is missing. Spark
 * and Delta wrap these in errors of their own, and for some have no code, so that their texts and
 * stack traces are asked too.
 */
public final class StorageFaults {
  private static final Pattern FULL =
      Pattern.compile(
          "No space left on device|Disk quota exceeded|There is not enough space on the disk"
              + "|QuotaExceededException");

  private static final Pattern READ_ONLY =
      Pattern.compile("Read-only file system|Permission denied|AccessDeniedException");

  /** The source by its name, and Delta's own classes. */
  private static final Pattern DELTA_CLASS =
      Pattern.compile(
          "^(delta\\.DefaultSource|io[./]delta[./]|org[./]apache[./]spark[./]sql[./]delta[./])");

  /** A file in a message of Spark, Hadoop or Parquet. */
  private static final Pattern FILE = Pattern.compile("(?<![\\w/])(?:[A-Za-z][\\w+.-]*:)?/\\S+");

  private static final Pattern NOT_PARQUET =
      Pattern.compile("is not a Parquet file|[Cc]ould not read footer|corrupt");

  /** Where Spark reads a stream's offsets and commits; their package differs between versions. */
  private static final Pattern STREAM_LOG =
      Pattern.compile(
          ".*\\.execution\\.streaming\\..*\\b(HDFSMetadataLog|OffsetSeqLog|CommitLog|StreamMetadata)\\b.*");

  private static final String OFFSETS_CHECKED = "validateOffsetLogAndGetPrevOffset";

  /** The packages of Delta, open-source and of Databricks. */
  private static final Pattern DELTA =
      Pattern.compile("(org\\.apache\\.spark\\.sql\\.delta|com\\.databricks\\.sql)\\..*");

  private static final String READ_FAILED = "FAILED_READ_FILE";
  private static final String DELTA_LOG = "/_delta_log/";

  private StorageFaults() {}

  /**
   * The error of the catalogue for a fault of the storage that led to an exception; empty when none
   * did, or when the exception is of the catalogue already.
   */
  public static Optional<KurrentlakeException> of(Throwable thrown) {
    return Causes.known(thrown).isPresent() ? Optional.empty() : fault(thrown);
  }

  /** The same, or that the storage cannot be used. */
  public static KurrentlakeException orUnusable(Exception thrown) {
    return of(thrown)
        .orElseGet(
            () -> ErrorCode.STORAGE_UNUSABLE.error().with("reason", thrown).causedBy(thrown));
  }

  private static Optional<KurrentlakeException> fault(Throwable thrown) {
    return Stream.of(
            noDelta(thrown),
            oldDelta(thrown),
            full(thrown),
            readOnly(thrown),
            checksum(thrown),
            stream(thrown),
            logEntry(thrown),
            file(thrown))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<KurrentlakeException> full(Throwable thrown) {
    return cause(thrown, cause -> FULL.matcher(cause.toString()).find())
        .map(
            cause -> error(ErrorCode.STORAGE_FULL, thrown).with("reason", Causes.firstLine(cause)));
  }

  private static Optional<KurrentlakeException> readOnly(Throwable thrown) {
    return cause(thrown, cause -> READ_ONLY.matcher(cause.toString()).find())
        .map(
            cause ->
                error(ErrorCode.STORAGE_READ_ONLY, thrown).with("reason", Causes.firstLine(cause)));
  }

  private static Optional<KurrentlakeException> noDelta(Throwable thrown) {
    return cause(
            thrown,
            cause ->
                (cause instanceof ClassNotFoundException || cause instanceof LinkageError)
                    && DELTA_CLASS.matcher(String.valueOf(cause.getMessage())).find())
        .map(cause -> error(ErrorCode.NO_DELTA, thrown).with("class", Causes.firstLine(cause)));
  }

  private static Optional<KurrentlakeException> oldDelta(Throwable thrown) {
    return cause(
            thrown,
            cause ->
                ErrorCondition.OPERATION_UNSUPPORTED.isOf(cause)
                    && ((SparkThrowable) cause)
                        .getMessageParameters()
                        .containsValue("generated columns"))
        .map(
            cause ->
                error(ErrorCode.DELTA_TOO_OLD, thrown).with("reason", Causes.firstLine(cause)));
  }

  private static Optional<KurrentlakeException> checksum(Throwable thrown) {
    return cause(thrown, ChecksumException.class::isInstance)
        .map(cause -> withFile(error(ErrorCode.CHECKSUM_DIFFERS, thrown), cause.getMessage()));
  }

  private static Optional<KurrentlakeException> stream(Throwable thrown) {
    return cause(
            thrown, cause -> isOfStreamLog(cause) || ErrorCondition.STREAM_LOG_CHANGED.isOf(cause))
        .map(cause -> error(ErrorCode.STREAM_CHECKPOINT_DAMAGED, thrown))
        .map(error -> error.with("reason", Causes.firstLine(deepest(thrown))));
  }

  private static boolean isOfStreamLog(Throwable cause) {
    // What it wraps for a stream that failed by itself has run in a thread of its own.
    return (cause instanceof IllegalStateException || isJson(cause))
        && frames(cause)
            .anyMatch(
                frame ->
                    STREAM_LOG.matcher(frame.getClassName()).matches()
                        || frame.getMethodName().contains(OFFSETS_CHECKED));
  }

  private static Optional<KurrentlakeException> logEntry(Throwable thrown) {
    var condition = cause(thrown, ErrorCondition.TABLE_LOG_DAMAGED::isOf);
    if (condition.isPresent()) {
      return Optional.of(
          error(ErrorCode.TABLE_LOG_DAMAGED, thrown)
              .with("reason", Causes.firstLine(condition.get())));
    }
    // The history of a table is read without a word on which file it stands in.
    var inDelta =
        Causes.of(thrown)
            .flatMap(StorageFaults::frames)
            .anyMatch(frame -> DELTA.matcher(frame.getClassName()).matches());
    return cause(thrown, StorageFaults::isJson)
        .filter(cause -> inDelta && readFile(thrown).isEmpty())
        .map(
            cause ->
                error(ErrorCode.TABLE_LOG_DAMAGED, thrown).with("reason", Causes.firstLine(cause)));
  }

  private static Optional<KurrentlakeException> file(Throwable thrown) {
    var read = readFile(thrown);
    if (read.isEmpty() || cause(thrown, StorageFaults::isDamage).isEmpty()) {
      return Optional.empty();
    }
    var path = read.orElseThrow();
    return Optional.of(error(code(path, thrown), thrown).with("file", path));
  }

  private static ErrorCode code(String path, Throwable thrown) {
    if (path.contains(DELTA_LOG)) {
      return path.endsWith(".json")
          ? ErrorCode.TABLE_LOG_DAMAGED
          : ErrorCode.TABLE_CHECKPOINT_DAMAGED;
    }
    return Causes.include(thrown, FileNotFoundException.class)
        ? ErrorCode.FILE_LOST
        : ErrorCode.FILE_DAMAGED;
  }

  /** The file that Spark could not read. */
  static Optional<String> readFile(Throwable thrown) {
    return cause(
            thrown,
            cause ->
                cause instanceof SparkThrowable known
                    && String.valueOf(known.getCondition()).startsWith(READ_FAILED))
        .map(cause -> ((SparkThrowable) cause).getMessageParameters().get("path"));
  }

  /** Not a storage that does not answer, which is another matter. */
  private static boolean isDamage(Throwable cause) {
    return isJson(cause)
        || cause instanceof FileNotFoundException
        || cause instanceof EOFException
        || cause.getClass().getName().startsWith("org.apache.parquet.")
        || NOT_PARQUET.matcher(String.valueOf(cause.getMessage())).find();
  }

  /** By name: on a cluster the parser may be another one than that which this class would find. */
  private static boolean isJson(Throwable cause) {
    return Stream.<Class<?>>iterate(cause.getClass(), type -> type != null, Class::getSuperclass)
        .anyMatch(type -> type.getSimpleName().equals("JsonProcessingException"));
  }

  private static Optional<Throwable> cause(Throwable thrown, Predicate<Throwable> wanted) {
    return Causes.of(thrown).filter(wanted).findFirst();
  }

  private static Throwable deepest(Throwable thrown) {
    return Causes.of(thrown).reduce(thrown, (above, below) -> below);
  }

  private static Stream<StackTraceElement> frames(Throwable cause) {
    return List.of(cause.getStackTrace()).stream();
  }

  private static KurrentlakeException error(ErrorCode code, Throwable thrown) {
    return code.error().causedBy(thrown);
  }

  private static KurrentlakeException withFile(KurrentlakeException error, String message) {
    var file = FILE.matcher(String.valueOf(message));
    return file.find() ? error.with("file", file.group()) : error.with("reason", message);
  }
}
