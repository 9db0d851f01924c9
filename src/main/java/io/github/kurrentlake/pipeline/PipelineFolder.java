package io.github.kurrentlake.pipeline;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.gold.Pipeline;
import io.github.kurrentlake.settings.SessionFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * A folder that declares a pipeline: {@code pipeline.yaml}, whose form {@code pipeline.schema.json}
 * gives, and the SQL that it names.
 */
public final class PipelineFolder {
  /** The declaration's file. */
  public static final String FILE = "pipeline.yaml";

  /** The name of the form's file, for editors. */
  public static final String SCHEMA = Yaml.SCHEMA;

  private PipelineFolder() {}

  /** The form of the declaration, as JSON Schema. */
  public static String schema() {
    return resource(Yaml.class, SCHEMA).orElseThrow();
  }

  /**
   * Reads and checks a folder of this machine, or one that Spark reaches, as in a volume.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-104 for a file that cannot be read,
   *     KL-108 with all that is wrong about the declaration
   */
  public static Pipeline read(String folder) {
    return new PipelineReader(folder + "/" + FILE, name -> text(folder + "/" + name)).read();
  }

  /** The same of a directory of this machine. */
  public static Pipeline read(Path folder) {
    return read(folder.toString());
  }

  /** Reads the folder of a class's package among the resources. */
  public static Pipeline beside(Class<?> owner) {
    return new PipelineReader(owner.getPackageName() + "/" + FILE, name -> resource(owner, name))
        .read();
  }

  /** Reads a declaration without a folder. */
  static Pipeline parse(String yaml, Function<String, Optional<String>> sql) {
    return new PipelineReader(FILE, name -> name.equals(FILE) ? Optional.of(yaml) : sql.apply(name))
        .read();
  }

  private static Optional<String> text(String file) {
    try {
      return SessionFiles.text(file);
    } catch (IOException e) {
      throw ErrorCode.UNREADABLE_FILE.error().with("file", file).causedBy(e);
    }
  }

  private static Optional<String> resource(Class<?> owner, String name) {
    try (var stream = owner.getResourceAsStream(name)) {
      return stream == null
          ? Optional.empty()
          : Optional.of(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
