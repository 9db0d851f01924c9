package io.github.kurrentlake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/promises.md} names tests that exist. */
class PromisesTest {
  private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

  @Test
  void everyPromiseIsHeldByATestThatExists() throws IOException {
    var sources = new HashMap<String, String>();
    try (var files = Files.walk(Path.of("src", "test", "java"))) {
      for (var file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        var name = file.getFileName().toString();
        sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
      }
    }
    var promises = new ArrayList<String>();
    for (var line : Files.readAllLines(Path.of("docs", "promises.md"))) {
      if (line.startsWith("| ") && !line.startsWith("| promise ")) {
        promises.add(line);
      }
    }

    assertThat(promises)
        .hasSizeGreaterThan(20)
        .allSatisfy(
            promise -> {
              var tests = NAMED.matcher(promise);
              var found = new ArrayList<String>();
              while (tests.find()) {
                found.add(tests.group());
                assertThat(sources.getOrDefault(tests.group(1), ""))
                    .as(tests.group())
                    .containsPattern(
                        "@(Test|ParameterizedTest)\\b((?!\\bvoid\\b)[\\s\\S])*\\bvoid "
                            + tests.group(2)
                            + "\\(");
              }
              assertThat(found).isNotEmpty();
            });
  }
}
