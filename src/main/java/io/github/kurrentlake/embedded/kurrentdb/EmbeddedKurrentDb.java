package io.github.kurrentlake.embedded.kurrentdb;

import io.github.kurrentlake.embedded.kurrentdb.Gatekeeper.Switches;
import io.github.kurrentlake.embedded.kurrentdb.Gatekeeper.User;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.Secret;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.auth.ServerAuthHandler;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A KurrentDB node with one log and one endpoint, Arrow Flight SQL, on a loopback port.
 *
 * <pre>{@code
 * try (var kurrentdb = EmbeddedKurrentDb.builder().start()) {
 *   kurrentdb.append(records);
 *   client.connect(kurrentdb.endpoint(), kurrentdb.caCertificate());
 * }
 * }</pre>
 *
 * <p>The log is a file in the temporary directory, deleted on close. All methods may be called from
 * any thread; appends wait for each other, queries wait for nobody.
 */
public final class EmbeddedKurrentDb implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKurrentDb.class);
  private static final long SHUTDOWN_SECONDS = 10;

  private final Builder setup;
  private final LogDatabase log;
  private final UnfilledVectors unfilled;
  private final Queries queries;
  private final BufferAllocator allocator = new RootAllocator();
  private final ExecutorService executor;
  private final Certificates certificates;
  private Server server;
  private int port;

  private EmbeddedKurrentDb(Builder setup) {
    this.setup = setup;
    this.port = setup.port;
    this.certificates = setup.tls ? Certificates.create() : null;
    var number = new AtomicLong();
    this.executor =
        Executors.newCachedThreadPool(
            task -> {
              var thread = new Thread(task, "kurrentdb-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.log = new LogDatabase(allocator);
    this.unfilled = new UnfilledVectors(allocator, setup.unfilledByScavenged);
    this.queries = new Queries(log, allocator, unfilled);
  }

  /** A node on any free port with TLS and the user admin/changeit. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Appends records that queries see at once, as a prefix that grows while they are written; first
   * everything that was {@linkplain #appendUnindexed appended without} becomes visible. System
   * events and events in system streams take their place in the log, but no query ever sees them.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-503 for a record before the end of
   *     the log; the records before it stay
   */
  public void append(Iterator<LogRecord> records) {
    log.append(records);
  }

  /** As {@link #append(Iterator)}. */
  public void append(Stream<LogRecord> records) {
    append(records.iterator());
  }

  /** Appends records as a write that KurrentDB has accepted and its index has not reached yet. */
  public void appendUnindexed(Iterator<LogRecord> records) {
    log.appendHidden(records);
  }

  /** As {@link #appendUnindexed(Iterator)}. */
  public void appendUnindexed(Stream<LogRecord> records) {
    appendUnindexed(records.iterator());
  }

  /** Lets the index catch up: every record is visible. */
  public void index() {
    index(Long.MAX_VALUE);
  }

  /** Lets the index take the next records only, in their order. */
  public void index(long records) {
    log.index(records);
  }

  /** Begins to build the index again: nothing is visible until {@link #index} reaches it. */
  public void rebuildIndex() {
    log.hide();
  }

  /** Defines {@code usr.<name>}. */
  public void createIndex(String name, UserIndex index) {
    log.create(name, index);
  }

  /** Removes the payloads of a deleted stream: data and metadata become {@code {}}. */
  public void scavenge(String stream) {
    log.scavenge(stream);
  }

  /** Removes the payload of one record that was truncated or too old. */
  public void scavenge(long logPosition) {
    log.scavenge(logPosition);
  }

  /** Loses a record that was scavenged, as an index that was built again after it. */
  public void forget(long logPosition) {
    log.forget(logPosition);
  }

  /**
   * Leaves the payloads of the next so many vectors of up to 2048 events unfilled, as a node does
   * that is starting or stopping.
   */
  public void leaveUnfilled(int vectors) {
    unfilled.leave(vectors);
  }

  /**
   * Ends the next so many answers with this status behind their first rows, as a node does that is
   * shutting down: UNAVAILABLE, in older versions UNKNOWN or CANCELLED.
   */
  public void endStreams(int streams, CallStatus status) {
    queries.end(streams, status);
  }

  /**
   * Lets the next so many descriptions and executions of queries fail without a reason, as a node
   * does that is shutting down and has closed its index, but not yet its port.
   */
  public void closeIndex(int uses) {
    queries.fail(uses);
  }

  /** Blanks one record's data: {@code ''}, or two double quotes when it is not JSON. */
  public void redact(long logPosition) {
    log.redact(logPosition);
  }

  /** Forgets everything behind a position, as a restore from an older backup does. */
  public void truncateAfter(long logPosition) {
    log.truncateAfter(logPosition);
  }

  /** The highest {@code log_position} that a query sees; -1 in an empty log. */
  public long lastPosition() {
    return log.lastPosition();
  }

  /** How many records a query sees. */
  public long recordCount() {
    return log.count();
  }

  /** {@code grpc+tls://localhost:PORT}, or {@code grpc://localhost:PORT} without TLS. */
  public synchronized URI endpoint() {
    return URI.create((certificates == null ? "grpc" : "grpc+tls") + "://localhost:" + port);
  }

  /** How many statements were run so far. */
  public long statements() {
    return queries.statements();
  }

  /** How many rows were sent so far. */
  public long rowsSent() {
    return queries.rows();
  }

  /** How many queries are running; a client that has gone does not count for long. */
  public int runningQueries() {
    return queries.running();
  }

  /**
   * The certificate that a client has to trust, as PEM.
   *
   * @throws IllegalStateException without TLS
   */
  public String caCertificate() {
    if (certificates == null) {
      throw new IllegalStateException("This node speaks no TLS");
    }
    return certificates.authority();
  }

  /**
   * Stops the node and starts it again with the same log, port and certificate. Connections are cut
   * with everything that belongs to them, and tickets given out before are void.
   */
  public synchronized void restart() {
    stop();
    listen();
  }

  /** Cuts all connections and frees the port; the log stays until {@link #close}. */
  public synchronized void stop() {
    if (server == null) {
      return;
    }
    server.shutdownNow();
    try {
      if (!server.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("Calls are still running after {} seconds", SHUTDOWN_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server = null;
  }

  // Flight's factory asks for a deprecated type; the gatekeeper does its work.
  @SuppressWarnings("deprecation")
  private synchronized void listen() {
    var tickets = Stream.generate(Tickets::new).limit(setup.nodes).toList();
    var service =
        FlightGrpcUtils.createFlightService(
            allocator,
            new FlightSqlService(queries, allocator, executor),
            ServerAuthHandler.NO_OP,
            executor);
    try {
      var builder =
          NettyServerBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
              .executor(executor)
              .addTransportFilter(ClientConnection.filter(tickets))
              .intercept(new Gatekeeper(setup.switches(), setup.users))
              .maxInboundMessageSize(Integer.MAX_VALUE)
              .keepAliveTime(10, TimeUnit.SECONDS)
              .keepAliveTimeout(10, TimeUnit.SECONDS)
              // A KurrentDB node does not mind how often its clients ping.
              .permitKeepAliveTime(1, TimeUnit.SECONDS)
              .permitKeepAliveWithoutCalls(true)
              .addService(service);
      if (certificates != null) {
        builder.sslContext(
            GrpcSslContexts.forServer(pem(certificates.server()), pem(certificates.serverKey()))
                .build());
      }
      server = builder.build().start();
      port = server.getPort();
    } catch (IOException e) {
      if (isBindError(e)) {
        throw ErrorCode.PORT_IN_USE.error().with("port", port).causedBy(e);
      }
      throw ErrorCode.INTERNAL.error().with("server", e.getMessage()).causedBy(e);
    }
  }

  private static boolean isBindError(Throwable error) {
    // Netty's native transports have an exception of their own for it.
    return error != null
        && (error instanceof BindException
            || String.valueOf(error.getMessage()).contains("Address already in use")
            || isBindError(error.getCause()));
  }

  private static InputStream pem(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Stops the node and deletes its log. */
  @Override
  public void close() {
    stop();
    executor.shutdown();
    try {
      if (!executor.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("Queries are still running after {} seconds", SHUTDOWN_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    log.close();
    allocator.close();
  }

  /** What there is of KurrentDB, as far as its licence asks. */
  public enum Deployment {
    SINGLE_NODE_OF_26_1,
    SINGLE_NODE_OF_26_2,
    CLUSTER
  }

  /** How a node is set up; each method changes one thing. */
  public static final class Builder {
    private final Map<String, User> users = new HashMap<>();
    private int port;
    private boolean tls = true;
    private boolean insecure;
    private boolean ready = true;
    private boolean indexing = true;
    private boolean licensed = true;
    private int nodes = 1;
    private boolean gzip;
    private boolean unfilledByScavenged;

    private Builder() {
      users.put("admin", new User(Secret.of("changeit"), true));
      users.put("ops", new User(Secret.of("changeit"), false));
    }

    /** The port to listen on; 0, the default, takes any free one. */
    public Builder port(int number) {
      port = number;
      return this;
    }

    /** Without TLS, but with authentication, as {@code DisableTls}. */
    public Builder plaintext() {
      tls = false;
      return this;
    }

    /** Without TLS and without authentication, as {@code Insecure}. */
    public Builder insecure() {
      tls = false;
      insecure = true;
      return this;
    }

    /** Adds or changes a member of $admins; admin/changeit is one already. */
    public Builder user(String name, Secret password) {
      users.put(name, new User(password, true));
      return this;
    }

    /** Adds or changes a user who may not read {@code $all}; ops/changeit is one already. */
    public Builder userWithoutLogAccess(String name, Secret password) {
      users.put(name, new User(password, false));
      return this;
    }

    /**
     * Has no licence: a single node of 26.2 is given all entitlements, any other refuses every call
     * for want of ARROW_FLIGHT_SQL.
     */
    public Builder withoutLicence(Deployment deployment) {
      licensed = deployment == Deployment.SINGLE_NODE_OF_26_2;
      return this;
    }

    /**
     * Two nodes with the same log, behind a balancer that sends every call to the other one. What
     * one node gave, tickets and prepared statements, the other does not know.
     */
    public Builder behindLoadBalancer() {
      nodes = 2;
      return this;
    }

    /** The node has not loaded its users yet: every call fails as unavailable. */
    public Builder notReady() {
      ready = false;
      return this;
    }

    /** SecondaryIndexing is disabled, and with it SQL. */
    public Builder withoutSecondaryIndexing() {
      indexing = false;
      return this;
    }

    /** Compresses answers, as a node does by default, for clients that offer it. */
    public Builder gzip() {
      gzip = true;
      return this;
    }

    /** A scavenged record leaves the payloads of all its vector unfilled, whenever it is read. */
    public Builder unfilledByScavengedRecords() {
      unfilledByScavenged = true;
      return this;
    }

    /**
     * Starts the node.
     *
     * @throws io.github.kurrentlake.error.KurrentlakeException KL-502 when the port is taken
     */
    public EmbeddedKurrentDb start() {
      var node = new EmbeddedKurrentDb(this);
      try {
        node.listen();
      } catch (RuntimeException e) {
        node.close();
        throw e;
      }
      return node;
    }

    private Switches switches() {
      return new Switches(insecure, ready, indexing, licensed, gzip);
    }
  }
}
