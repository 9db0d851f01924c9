package io.github.kurrentlake.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.testing.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that users name, by Java's own functions and by Spark. */
class SessionFilesTest {
  @TempDir private Path directory;

  @Test
  void aFileIsReadWhereSparkAloneReachesIt() throws IOException {
    SparkSession.setDefaultSession(SharedSpark.session());
    var file = Files.writeString(directory.resolve("ca ü.pem"), "-----Übung\n");

    assertThat(SessionFiles.text(file.toString())).contains("-----Übung\n");
    assertThat(SessionFiles.text("file:" + file)).contains("-----Übung\n");
    assertThat(SessionFiles.text(directory.resolve("none").toString())).isEmpty();
    assertThat(SessionFiles.text("file:" + directory.resolve("none"))).isEmpty();
    assertThatThrownBy(() -> SessionFiles.text("nowhere://bucket/file"))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> SessionFiles.text(directory.toString()))
        .isInstanceOf(IOException.class);
  }
}
