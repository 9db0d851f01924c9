package io.github.kurrentlake.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kurrentlake.lakebase.connect.FakeDatabricks;
import io.github.kurrentlake.lakebase.connect.PostgresUrl;
import io.github.kurrentlake.settings.SecretPlace;
import io.github.kurrentlake.testing.Postgres;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The jar that is deployed: what is in it, what is not, and that it stands beside Spark's own. */
class JarIT {
  private static final Path JAR = Path.of(System.getProperty("kurrentlake.jar"));
  private static final String SHADED = "io/github/kurrentlake/shaded/";
  private static final String SHADED_PACKAGE = SHADED.replace('/', '.');

  @Test
  void holdsTheJobsAndNothingThatIsOnlyForALaptop() throws IOException {
    assertThat(entries(JAR))
        .contains("io/github/kurrentlake/job/JobMain.class")
        .noneMatch(name -> name.startsWith("io/github/kurrentlake/bench/"))
        .noneMatch(name -> name.startsWith("io/github/kurrentlake/cli/"))
        .noneMatch(name -> name.startsWith("io/github/kurrentlake/workflow/"))
        .noneMatch(name -> name.startsWith("io/github/kurrentlake/embedded/"))
        .noneMatch(name -> name.startsWith("org/duckdb/"))
        .noneMatch(name -> name.startsWith("picocli/"))
        .noneMatch(name -> name.startsWith("org/bouncycastle/"))
        .noneMatch(name -> name.endsWith(".txz"));
  }

  @Test
  void leavesToTheClusterWhatIsTheClusters() throws IOException {
    assertThat(entries(JAR))
        .noneMatch(name -> name.startsWith("org/apache/spark/"))
        .noneMatch(name -> name.startsWith("io/delta/"))
        .noneMatch(name -> name.contains("org/apache/arrow/vector/"))
        .noneMatch(name -> name.contains("org/apache/arrow/memory/"))
        .noneMatch(name -> name.contains("org/apache/arrow/flatbuf/"))
        .noneMatch(name -> name.startsWith("io/netty/"))
        .noneMatch(name -> name.startsWith("com/fasterxml/"))
        .noneMatch(name -> name.startsWith("org/slf4j/"));
  }

  @Test
  void bringsTheWayToKurrentDbUnderItsOwnNames() throws IOException {
    assertThat(entries(JAR))
        .contains(SHADED + "org/apache/arrow/flight/FlightClient.class")
        .contains(SHADED + "org/apache/arrow/flight/sql/FlightSqlClient.class")
        .contains(SHADED + "org/apache/arrow/adbc/driver/flightsql/FlightSqlDriver.class")
        .contains(
            SHADED + "org/apache/arrow/driver/jdbc/client/utils/ClientAuthenticationUtils.class")
        .contains(SHADED + "io/grpc/netty/NettyChannelProvider.class")
        .contains(SHADED + "com/google/protobuf/Message.class")
        .noneMatch(name -> name.startsWith("org/apache/arrow/"))
        .noneMatch(name -> name.startsWith("io/grpc/"))
        .noneMatch(name -> name.startsWith("com/google/"));
  }

  @Test
  void bringsTheWayToLakebaseUnderItsOwnNames() throws IOException {
    assertThat(entries(JAR))
        .contains("io/github/kurrentlake/lakebase/LakebaseClient.class")
        .contains("io/github/kurrentlake/loans/LakebaseSetup.class")
        .contains(SHADED + "org/postgresql/Driver.class")
        .contains(SHADED + "com/zaxxer/hikari/HikariDataSource.class")
        .contains(SHADED + "com/databricks/sdk/core/ApiClient.class")
        // No Spark distribution has it, and the SDK makes no call without it.
        .contains(SHADED + "com/fasterxml/jackson/datatype/jdk8/Jdk8Module.class")
        .noneMatch(name -> name.startsWith("org/postgresql/"))
        .noneMatch(name -> name.startsWith("com/zaxxer/"))
        .noneMatch(name -> name.startsWith("com/databricks/"))
        .noneMatch(name -> name.startsWith("org/apache/http/"));
  }

  @Test
  void servicesCarryTheRelocatedNames() throws IOException {
    try (var jar = new JarFile(JAR.toFile())) {
      var services =
          jar.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.startsWith("META-INF/services/") && !name.endsWith("/"))
              .toList();
      assertThat(services)
          .contains(
              "META-INF/services/" + SHADED_PACKAGE + "io.grpc.LoadBalancerProvider",
              "META-INF/services/"
                  + SHADED_PACKAGE
                  + "org.apache.arrow.adbc.drivermanager.AdbcDriverFactory")
          .doesNotContain("META-INF/services/java.sql.Driver");
      for (var service : services) {
        assertThat(providers(jar, service))
            .allSatisfy(
                provider ->
                    assertThat(jar.getEntry(provider.replace('.', '/') + ".class"))
                        .as("%s of %s", provider, service)
                        .isNotNull());
      }
    }
  }

  @Test
  void sharesNoClassWithTheClassPathOfSpark() throws IOException {
    Set<String> shared = new HashSet<>();
    var ours = classes(JAR);
    for (var file : clusterClassPath()) {
      classes(file).stream().filter(ours::contains).forEach(shared::add);
    }
    assertThat(shared).isEmpty();
  }

  @Test
  void opensAFlightClientOnTheClassPathOfSpark() throws Exception {
    try (var loader = besideSpark();
        var allocator =
            (AutoCloseable)
                loader
                    .loadClass("org.apache.arrow.memory.RootAllocator")
                    .getConstructor()
                    .newInstance()) {
      var location =
          loader
              .loadClass(SHADED_PACKAGE + "org.apache.arrow.flight.Location")
              .getMethod("forGrpcInsecure", String.class, int.class)
              .invoke(null, "localhost", 1);
      var builder =
          loader
              .loadClass(SHADED_PACKAGE + "org.apache.arrow.flight.FlightClient")
              .getMethod(
                  "builder",
                  loader.loadClass("org.apache.arrow.memory.BufferAllocator"),
                  location.getClass())
              .invoke(null, allocator, location);
      try (var client = (AutoCloseable) builder.getClass().getMethod("build").invoke(builder)) {
        assertThat(client.getClass().getClassLoader()).isSameAs(loader);
      }
    }
  }

  @Test
  void logsInToALakebaseOnTheClassPathOfSpark() throws Exception {
    var connect = "io.github.kurrentlake.lakebase.connect.";
    try (var databricks = FakeDatabricks.start(token -> {});
        var loader = besideSpark()) {
      var config =
          loader
              .loadClass(SHADED_PACKAGE + "com.databricks.sdk.core.DatabricksConfig")
              .getConstructor()
              .newInstance();
      config.getClass().getMethod("setHost", String.class).invoke(config, databricks.host());
      config.getClass().getMethod("setToken", String.class).invoke(config, FakeDatabricks.TOKEN);
      var login =
          loader.loadClass(connect + "DatabricksLogin").getDeclaredConstructor(config.getClass());
      login.setAccessible(true);
      var type = loader.loadClass(connect + "DatabricksLakebase");
      var method = login.getDeclaringClass().getDeclaredMethod("login", type);
      method.setAccessible(true);
      for (var name : List.of("instances/my_lakebase", "projects/p/branches/b/endpoints/e")) {
        var lakebase =
            type.getConstructor(String.class, String.class, String.class)
                .newInstance(name, "db", "");
        assertThat(method.invoke(login.newInstance(config), lakebase).toString())
            .contains("host=127.0.0.1", "user=app@example.com", "password=******");
      }

      var url = (PostgresUrl) Postgres.database(JarIT.class);
      var environment = loader.loadClass("io.github.kurrentlake.settings.Environment");
      var process = environment.getMethod("ofProcess").invoke(null);
      var file = ((SecretPlace.InFile) url.password()).path();
      var secrets =
          environment
              .getMethod("with", Map.class)
              .invoke(process, Map.of("LAKEBASE_PASSWORD_FILE", file));
      var provider = loader.loadClass(connect + "ConnectionInfoProvider");
      var parsed =
          provider
              .getMethod("parse", String.class, environment)
              .invoke(null, url.toString(), secrets);
      var client = loader.loadClass("io.github.kurrentlake.lakebase.LakebaseClient");
      try (var lakebase = (AutoCloseable) client.getMethod("to", provider).invoke(null, parsed)) {
        var rows =
            client
                .getMethod("query", String.class, Object[].class)
                .invoke(lakebase, "SELECT ? AS n", new Object[] {42});
        assertThat(rows).hasToString("[{n=42}]");
      }
    }
  }

  /** The jar and Spark's class path, and nothing of the tests'. */
  private static URLClassLoader besideSpark() throws IOException {
    var urls = new ArrayList<URL>();
    urls.add(JAR.toUri().toURL());
    for (var file : clusterClassPath()) {
      urls.add(file.toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static List<Path> clusterClassPath() throws IOException {
    var target = JAR.getParent();
    var provided = Files.readString(target.resolve("classpath-provided.txt"));
    var shared = Files.readString(target.resolve("classpath-shared.txt"));
    return Stream.of(provided, shared)
        .flatMap(paths -> Stream.of(paths.strip().split(File.pathSeparator)))
        .map(Path::of)
        .toList();
  }

  private static Set<String> classes(Path jar) throws IOException {
    var classes = new HashSet<String>();
    for (var entry : entries(jar)) {
      if (entry.endsWith(".class") && !entry.endsWith("module-info.class")) {
        classes.add(entry);
      }
    }
    return classes;
  }

  private static List<String> entries(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      return file.stream().map(ZipEntry::getName).toList();
    }
  }

  private static List<String> providers(JarFile jar, String service) throws IOException {
    try (var in = jar.getInputStream(jar.getEntry(service))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    }
  }
}
