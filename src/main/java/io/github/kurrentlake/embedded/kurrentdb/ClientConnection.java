package io.github.kurrentlake.embedded.kurrentdb;

import com.google.protobuf.ByteString;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.ServerCall;
import io.grpc.ServerTransportFilter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.flight.CallStatus;

/**
 * What a node remembers of one gRPC connection: its prepared statements. They are text and
 * parameters only, so they need no closing and vanish with the connection; no other connection can
 * use them. Its tickets are good for every connection to the same node.
 */
final class ClientConnection {
  static final int MAX_STATEMENTS = 100;
  private static final Attributes.Key<List<ClientConnection>> NODES =
      Attributes.Key.create("kurrentdb-connections");
  private static final Context.Key<ClientConnection> CURRENT = Context.key("kurrentdb-connection");

  private final Tickets tickets;
  private final Map<ByteString, Statement> statements = new ConcurrentHashMap<>();
  private final Semaphore free = new Semaphore(MAX_STATEMENTS);

  private ClientConnection(Tickets tickets) {
    this.tickets = tickets;
  }

  /** A prepared statement; its rows of parameters are replaced as a whole by each binding. */
  static final class Statement {
    private final String sql;
    private final Queries.Description description;
    private volatile List<List<Object>> parameters = Queries.NO_PARAMETERS;

    private Statement(String sql, Queries.Description description) {
      this.sql = sql;
      this.description = description;
    }

    String sql() {
      return sql;
    }

    Queries.Description description() {
      return description;
    }

    List<List<Object>> parameters() {
      return parameters;
    }

    void bind(List<List<Object>> rows) {
      parameters = rows;
    }
  }

  /** Gives every new transport a connection of its own to each node. */
  static ServerTransportFilter filter(List<Tickets> nodes) {
    return new ServerTransportFilter() {
      @Override
      public Attributes transportReady(Attributes attributes) {
        var connections = nodes.stream().map(ClientConnection::new).toList();
        return attributes.toBuilder().set(NODES, connections).build();
      }
    };
  }

  /** The connection for a call: of several nodes each takes its turn. */
  static ClientConnection of(ServerCall<?, ?> call, AtomicLong calls) {
    var connections = call.getAttributes().get(NODES);
    return connections.get((int) (calls.getAndIncrement() % connections.size()));
  }

  /** The connection of the call that runs on this thread. */
  static ClientConnection current() {
    return CURRENT.get();
  }

  Context asContext() {
    return Context.current().withValue(CURRENT, this);
  }

  Tickets tickets() {
    return tickets;
  }

  ByteString add(String sql, Queries.Description description) {
    if (!free.tryAcquire()) {
      throw CallStatus.RESOURCE_EXHAUSTED
          .withDescription("Too many prepared statements")
          .toRuntimeException();
    }
    var id = UUID.randomUUID();
    var handle =
        ByteString.copyFrom(
            ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .flip());
    statements.put(handle, new Statement(sql, description));
    return handle;
  }

  Statement statement(ByteString handle) {
    var statement = statements.get(handle);
    if (statement == null) {
      throw unknownHandle();
    }
    return statement;
  }

  void remove(ByteString handle) {
    if (statements.remove(handle) == null) {
      throw unknownHandle();
    }
    free.release();
  }

  private static RuntimeException unknownHandle() {
    return CallStatus.NOT_FOUND
        .withDescription("Prepared statement handle doesn't exist")
        .toRuntimeException();
  }
}
