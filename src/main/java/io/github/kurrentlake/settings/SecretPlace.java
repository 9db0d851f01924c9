package io.github.kurrentlake.settings;

import io.github.kurrentlake.error.ErrorCode;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A place where a secret is kept, not the secret: it travels to executors and into plans, and
 * whoever opens a connection reads the secret there anew.
 */
public sealed interface SecretPlace extends Serializable {

  /** The variable's name with this end names a file instead. */
  String FILE_SUFFIX = "_FILE";

  /**
   * The secret as it is now.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-103 or KL-104 when it is not there
   */
  Secret read();

  /**
   * The place of a secret in an environment: the file that {@code NAME_FILE} names, else the
   * variable {@code NAME}, which every executor must have too; empty when neither is set.
   */
  static Optional<SecretPlace> find(Environment environment, String name) {
    var file = environment.variable(name + FILE_SUFFIX).<SecretPlace>map(InFile::new);
    return file.or(() -> environment.variable(name).map(value -> new InVariable(name)));
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

  /** For a server that asks for none. */
  record Nowhere() implements SecretPlace {
    @Override
    public Secret read() {
      return Secret.of("");
    }
  }
}
