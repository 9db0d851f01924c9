package io.github.kurrentlake.cli;

import io.github.kurrentlake.embedded.kurrentdb.EmbeddedKurrentDb;
import io.github.kurrentlake.error.KurrentlakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The embedded KurrentDB alone, in the foreground. */
@Command(
    name = "kurrentdb",
    description = {
      "Start the embedded KurrentDB in the foreground, for any Flight SQL client on this machine.",
      "With --events, lines appended to the file become visible while it runs."
    })
final class KurrentDbCommand implements Callable<Integer> {
  private final Launcher launcher;

  @Mixin private LogSource source;

  @Option(
      names = "--port",
      paramLabel = "P",
      defaultValue = "2113",
      description = "The port to listen on; 0 takes any free one. Default: 2113.")
  private int port;

  @Option(
      names = "--insecure",
      description = "Without TLS and without authentication, as KurrentDB's Insecure.")
  private boolean insecure;

  @Option(
      names = "--ca-out",
      paramLabel = "FILE",
      description =
          "Where to write the certificate that clients must trust. Default: a temporary file.")
  private Path certificate;

  KurrentDbCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws Exception {
    source.check();
    var ended = new CountDownLatch(1);
    var closed = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(ended, closed), "kurrentdb-end"));
    try (var files = PrivateFiles.create();
        var kurrentdb = setup().start();
        var events = load(kurrentdb)) {
      describe(kurrentdb, files);
      ended.await();
    } finally {
      closed.countDown();
    }
    return 0;
  }

  private EmbeddedKurrentDb.Builder setup() {
    var setup = EmbeddedKurrentDb.builder().port(port);
    return insecure ? setup.insecure() : setup;
  }

  /** Loads the log, and goes on loading when it is a file; closing ends that. */
  private AutoCloseable load(EmbeddedKurrentDb kurrentdb) {
    if (!source.isFile()) {
      source.load(kurrentdb);
      return () -> {};
    }
    return source
        .file()
        .follow(records -> kurrentdb.append(records.iterator()), this::reportDefect);
  }

  private void reportDefect(KurrentlakeException defect) {
    launcher.err().println(defect.getMessage());
    launcher.err().flush();
  }

  private void describe(EmbeddedKurrentDb kurrentdb, PrivateFiles files) throws IOException {
    var out = launcher.out();
    var endpoint = kurrentdb.endpoint();
    out.println("KurrentDB (embedded) is listening, on this machine only.");
    out.println("  endpoint  " + endpoint);
    var connect = "";
    var credentials = "";
    if (insecure) {
      out.println("  user      none is needed, and there is no TLS");
    } else {
      out.println("  user      admin, password changeit");
      var ca = certificate(kurrentdb, files);
      out.println("  CA file   " + ca);
      connect = " --tls-ca " + ca;
      credentials =
          """
            DatabaseOptions.TLS_ROOT_CERTS.value: open("%s").read(),
            "username": "admin", "password": "changeit",
          """
              .formatted(ca)
              .indent(4);
    }
    out.printf("  log       %,d records of %s%n", kurrentdb.recordCount(), source.description());
    if (source.isFile()) {
      out.println("  more      lines appended to that file become visible at once");
    }
    out.println();
    out.println("Run the pipeline against it, in another terminal:");
    if (!insecure) {
      out.println("  export KURRENTDB_USERNAME=admin KURRENTDB_PASSWORD=changeit");
    }
    out.println("  ./jobs/kurrentlake run --endpoint " + endpoint + connect);
    out.println();
    out.println("Ask it from Python (pip install adbc-driver-flightsql pyarrow):");
    out.print(
        """
          from adbc_driver_flightsql import DatabaseOptions, dbapi
          kdb = dbapi.connect("%s", db_kwargs={
        %s  }, autocommit=True)
          cursor = kdb.cursor()
          cursor.execute("SELECT schema_name, count(*) FROM kdb.records GROUP BY schema_name")
          print(cursor.fetchall())
        """
            .formatted(endpoint, credentials));
    out.println();
    out.println("Ctrl-C ends it.");
    out.flush();
  }

  private Path certificate(EmbeddedKurrentDb kurrentdb, PrivateFiles files) throws IOException {
    var pem = kurrentdb.caCertificate();
    return certificate == null
        ? files.write("ca.pem", pem)
        : Files.write(certificate.toAbsolutePath(), List.of(pem.strip()));
  }

  /** Ctrl-C and SIGTERM are how this command is meant to end, so it ends with 0. */
  private static void end(CountDownLatch ended, CountDownLatch closed) {
    if (closed.getCount() == 0) {
      return;
    }
    ended.countDown();
    try {
      closed.await();
      Runtime.getRuntime().halt(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
