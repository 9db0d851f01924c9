package io.github.kurrentlake.settings;

import io.github.kurrentlake.error.ErrorCode;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A place where a secret is kept, not the secret: it goes into plans, and anyone who opens a
 * connection reads the secret there again. Only {@link Delivered} holds what it names.
 */
public sealed interface SecretPlace extends Serializable {

  /** The variable's name with this end names a file instead. */
  String FILE_SUFFIX = "_FILE";

  /** The variable's name with this end names a secret of Databricks instead, {@code SCOPE/KEY}. */
  String SECRET_SUFFIX = "_SECRET";

  /**
   * The secret as it is now.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-103, KL-104 or KL-107 when it is
   *     not there
   */
  Secret read();

  /** The place where a task finds the secret: the same one, if an executor can look there. */
  default SecretPlace forTasks() {
    return this;
  }

  /**
   * The place of a secret in an environment: the Databricks secret that {@code NAME_SECRET} names,
   * else the file that {@code NAME_FILE} names, else the variable {@code NAME}; every executor must
   * have file or variable too. Empty when none is set.
   */
  static Optional<SecretPlace> find(Environment environment, String name) {
    return environment
        .variable(name + SECRET_SUFFIX)
        .<SecretPlace>map(secret -> new InDatabricks(SecretName.parse(secret)))
        .or(() -> environment.variable(name + FILE_SUFFIX).map(InFile::new))
        .or(() -> environment.variable(name).map(value -> new InVariable(name)));
  }

  /** A file whose whole text it is, without white space at the end. */
  record InFile(String path) implements SecretPlace {
    @Override
    public Secret read() {
      try {
        var text = Files.readString(Path.of(path), StandardCharsets.UTF_8);
        return Secret.of(text.stripTrailing());
      } catch (IOException e) {
        throw ErrorCode.UNREADABLE_FILE.error().with("file", path).causedBy(e);
      }
    }
  }

  /** An environment variable of the process that reads it. */
  record InVariable(String name) implements SecretPlace {
    @Override
    public Secret read() {
      return Environment.ofProcess()
          .variable(name)
          .map(Secret::of)
          .orElseThrow(() -> ErrorCode.MISSING_OPTION.error().with("variable", name));
    }
  }

  /**
   * A named secret of Databricks. Executors have no identity there, so the driver reads it whenever
   * it plans a batch, and sends the text along with the tasks.
   */
  record InDatabricks(SecretName name) implements SecretPlace {
    @Override
    public Secret read() {
      return DatabricksSecrets.read(name);
    }

    @Override
    public SecretPlace forTasks() {
      return new Delivered(name, read());
    }
  }

  /**
   * A secret on its way to an executor. It belongs into partitions and nothing else: Spark keeps
   * those in memory, sends them inside the message that starts a task, and neither shows nor stores
   * them.
   */
  final class Delivered implements SecretPlace {
    private final SecretName name;
    private final String text;

    private Delivered(SecretName name, Secret secret) {
      this.name = name;
      this.text = secret.reveal();
    }

    @Override
    public Secret read() {
      return Secret.of(text);
    }

    @Override
    public String toString() {
      return "Delivered[name=%s, text=%s]".formatted(name, read());
    }
  }

  /** For a server that asks for none. */
  record Nowhere() implements SecretPlace {
    @Override
    public Secret read() {
      return Secret.of("");
    }
  }
}
