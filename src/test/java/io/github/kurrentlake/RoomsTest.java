package io.github.kurrentlake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.kurrentlake.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rooms and who may call whom. */
class RoomsTest {
  /** Those of main alone, wherever the build puts them. */
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(ErrorCode.class.getProtectionDomain().getCodeSource().getLocation());

  private static final String ROOT = "io.github.kurrentlake.";
  private static final Pattern ROW = Pattern.compile("\\| `([a-z.]+)` \\|[^|]*\\|([^|]*)\\|");
  private static final List<String> LAPTOP = List.of("bench", "cli", "workflow", "embedded");

  /** What each room may use, as CONTRIBUTING.md shows it. */
  private static Map<String, List<String>> rooms;

  @BeforeAll
  static void readTheTable() throws IOException {
    rooms = new LinkedHashMap<>();
    for (var line : Files.readAllLines(Path.of("CONTRIBUTING.md"))) {
      var row = ROW.matcher(line);
      if (row.matches()) {
        var used = Stream.of(row.group(2).strip().split(",\\s*")).filter(room -> !room.isEmpty());
        rooms.put(row.group(1), used.toList());
      }
    }
  }

  @Test
  void everyClassIsInARoomThatUsesOnlyWhatTheTableAllows() {
    var unknown = new ArrayList<String>();
    for (var type : CLASSES) {
      for (var dependency : type.getDirectDependenciesFromSelf()) {
        var target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().startsWith(ROOT)) {
          var from = room(type);
          var to = room(target);
          if (!from.equals(to) && !rooms.get(from).contains(to)) {
            unknown.add(from + " uses " + to + ": " + dependency.getDescription());
          }
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  /** The room with the longest name that the package begins with. */
  private static String room(JavaClass type) {
    var name = type.getPackageName().substring(ROOT.length());
    return rooms.keySet().stream()
        .filter(room -> name.equals(room) || name.startsWith(room + "."))
        .max(Comparator.comparingInt(String::length))
        .orElseThrow(() -> new AssertionError(type.getName() + " is in no room of the table"));
  }

  @Test
  void noCircleLeadsBackToARoom() {
    for (var room : rooms.keySet()) {
      var reached = new HashSet<String>();
      var ahead = new ArrayDeque<>(rooms.get(room));
      while (!ahead.isEmpty()) {
        var next = ahead.pop();
        assertThat(rooms).as("rooms that %s may use", room).containsKey(next);
        if (reached.add(next)) {
          ahead.addAll(rooms.get(next));
        }
      }
      assertThat(reached).as("rooms behind %s", room).doesNotContain(room);
    }
  }

  @Test
  void theTableAllowsNothingThatIsNotUsed() {
    var used = new TreeSet<String>();
    for (var type : CLASSES) {
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> target.getPackageName().startsWith(ROOT))
          .forEach(target -> used.add(room(type) + " uses " + room(target)));
    }
    rooms.forEach(
        (room, allowed) ->
            assertThat(used)
                .containsAll(allowed.stream().map(to -> room + " uses " + to).toList()));
  }

  /** The jar that is deployed has neither. */
  @Test
  void whatIsDeployedKnowsNothingOfTheLaptop() {
    rooms.forEach(
        (room, allowed) -> {
          if (!isOfTheLaptop(room)) {
            assertThat(allowed).as(room).noneMatch(RoomsTest::isOfTheLaptop);
          }
        });
    noClasses()
        .that()
        .resideOutsideOfPackages(
            LAPTOP.stream().map(room -> ROOT + room + "..").toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "picocli..",
            "org.duckdb..",
            "org.bouncycastle..",
            "org.apache.commons.compress..",
            "org.apache.commons.io..")
        .check(CLASSES);
  }

  private static boolean isOfTheLaptop(String room) {
    return LAPTOP.contains(room.split("\\.", 2)[0]);
  }

  /** Databricks' Delta has other classes, so a class that names these cannot be linked there. */
  @Test
  void nothingNamesAClassOfOpenSourceDelta() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark.sql.delta..", "io.delta..")
        .check(CLASSES);
  }

  /** Spark's interface for sources is made of some; nothing between Bronze and Gold needs any. */
  @Test
  void onlyTheSourcesKnowInternalsOfSpark() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.github.kurrentlake.source..", "io.github.kurrentlake.lakebase.source..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.spark.sql.catalyst..",
            "org.apache.spark.sql.classic..",
            "org.apache.spark.sql.execution..",
            "org.apache.spark.sql.internal..")
        .check(CLASSES);
  }

  @Test
  void onlyThePlatformsRoomAsksWhatItRunsOn() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..kurrentlake.table..", "..kurrentlake.job..", "..bench..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.github.kurrentlake.table.Platform")
        .check(CLASSES);
  }

  @Test
  void theDatabricksSdkIsBehindTwoClasses() {
    noClasses()
        .that()
        .doNotHaveSimpleName("DatabricksLogin")
        .and()
        .doNotHaveSimpleName("DatabricksSecrets")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.databricks.sdk..")
        .check(CLASSES);
  }

  @Test
  void theCatalogueOfErrorsUsesNothing() {
    classes()
        .that()
        .resideInAPackage("..error..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.github.kurrentlake.error..", "java..")
        .check(CLASSES);
  }
}
