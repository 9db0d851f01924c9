package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.kurrentlake.error.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What is deployed links where Delta is not open source: Databricks' has the same SQL, the same
 * options and the exceptions of {@code io.delta.exceptions}, but its classes have another package.
 */
class DeployedClassesTest {
  /** Wherever the build puts them. */
  private static final Path CLASSES =
      Path.of(
          URI.create(
              ErrorCode.class.getProtectionDomain().getCodeSource().getLocation().toString()));

  private static final List<String> LAPTOP = List.of("bench", "cli", "workflow", "embedded");
  private static final String DELTA = "org.apache.spark.sql.delta.";

  @Test
  void everyClassLinksWithoutTheClassesOfOpenSourceDelta() throws IOException {
    try (var loader = new WithoutDelta(CLASSES.toUri().toURL())) {
      assertThat(deployed())
          .hasSizeGreaterThan(200)
          .allSatisfy(
              name ->
                  // Asking for its methods verifies a class, and loads what their types name.
                  assertThatCode(() -> loader.loadClass(name).getDeclaredMethods())
                      .as(name)
                      .doesNotThrowAnyException());
    }
  }

  @Test
  void noClassNamesAClassOfOpenSourceDelta() throws IOException {
    // What a method names is looked up when it runs, so linking alone does not meet it.
    assertThat(deployed())
        .allSatisfy(
            name -> {
              var bytes = Files.readAllBytes(CLASSES.resolve(name.replace('.', '/') + ".class"));
              assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                  .as(name)
                  .doesNotContain(DELTA.replace('.', '/'));
            });
  }

  private static List<String> deployed() throws IOException {
    var base = CLASSES.resolve(Path.of("io", "github", "kurrentlake"));
    try (var files = Files.walk(base)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .filter(file -> !file.endsWith("package-info.class"))
          .filter(file -> !LAPTOP.contains(base.relativize(file).getName(0).toString()))
          .map(file -> CLASSES.relativize(file).toString())
          .map(file -> file.substring(0, file.length() - ".class".length()))
          .map(file -> file.replace(File.separatorChar, '.'))
          .toList();
    }
  }

  /** Loads our classes itself, and finds for them all others but Delta's. */
  private static final class WithoutDelta extends URLClassLoader {
    private WithoutDelta(URL classes) {
      super(new URL[] {classes}, WithoutDelta.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith(DELTA)) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("io.github.kurrentlake.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        var loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }
}
