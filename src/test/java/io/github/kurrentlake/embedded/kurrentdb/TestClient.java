package io.github.kurrentlake.embedded.kurrentdb;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.impl.Flight;
import org.apache.arrow.flight.impl.FlightServiceGrpc;
import org.apache.arrow.flight.impl.FlightServiceGrpc.FlightServiceBlockingStub;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementQuery;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.Text;

/** One gRPC connection to a node: the raw calls with gRPC's own errors, and Arrow's client. */
final class TestClient implements AutoCloseable {
  private final BufferAllocator allocator = new RootAllocator();
  private final ManagedChannel channel;

  private TestClient(EmbeddedKurrentDb node, String authorization) throws Exception {
    var endpoint = node.endpoint();
    var builder = NettyChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPort());
    if (endpoint.getScheme().equals("grpc")) {
      builder.usePlaintext();
    } else {
      var authority =
          new ByteArrayInputStream(node.caCertificate().getBytes(StandardCharsets.US_ASCII));
      builder.sslContext(GrpcSslContexts.forClient().trustManager(authority).build());
    }
    if (authorization != null) {
      var headers = new Metadata();
      headers.put(
          Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
      builder.intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
    channel = builder.maxInboundMessageSize(Integer.MAX_VALUE).build();
  }

  static TestClient admin(EmbeddedKurrentDb node) throws Exception {
    return new TestClient(node, basic("admin", "changeit"));
  }

  static TestClient anonymous(EmbeddedKurrentDb node) throws Exception {
    return new TestClient(node, null);
  }

  static TestClient withHeader(EmbeddedKurrentDb node, String authorization) throws Exception {
    return new TestClient(node, authorization);
  }

  static String basic(String user, String password) {
    return "Basic " + base64(user, password);
  }

  static String base64(String user, String password) {
    return Base64.getEncoder()
        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  static Flight.FlightDescriptor descriptor(Message command) {
    return Flight.FlightDescriptor.newBuilder()
        .setType(Flight.FlightDescriptor.DescriptorType.CMD)
        .setCmd(Any.pack(command).toByteString())
        .build();
  }

  static Flight.FlightDescriptor plainDescriptor(String sql) {
    return Flight.FlightDescriptor.newBuilder()
        .setType(Flight.FlightDescriptor.DescriptorType.CMD)
        .setCmd(ByteString.copyFromUtf8(sql))
        .build();
  }

  static CommandStatementQuery query(String sql) {
    return CommandStatementQuery.newBuilder().setQuery(sql).build();
  }

  FlightServiceBlockingStub raw() {
    return FlightServiceGrpc.newBlockingStub(channel);
  }

  ManagedChannel channel() {
    return channel;
  }

  BufferAllocator allocator() {
    return allocator;
  }

  FlightSqlClient sql() {
    return new FlightSqlClient(
        FlightGrpcUtils.createFlightClientWithSharedChannel(allocator, channel));
  }

  /** The result of an ad-hoc query, row by row; texts as String. */
  List<List<Object>> rows(String query) throws Exception {
    return rows(stream(query));
  }

  /** The only value of an ad-hoc query with one row and one column. */
  Object value(String query) throws Exception {
    return rows(query).get(0).get(0);
  }

  Schema schema(String query) throws Exception {
    try (var stream = stream(query)) {
      return stream.getSchema();
    }
  }

  FlightStream stream(String query) {
    var sql = sql();
    return sql.getStream(sql.execute(query).getEndpoints().get(0).getTicket());
  }

  FlightStream stream(Flight.FlightInfo info) {
    return sql().getStream(new Ticket(info.getEndpoint(0).getTicket().getTicket().toByteArray()));
  }

  static List<List<Object>> rows(FlightStream source) throws Exception {
    try (var stream = source) {
      var rows = new ArrayList<List<Object>>();
      while (stream.next()) {
        var batch = stream.getRoot();
        for (var row = 0; row < batch.getRowCount(); row++) {
          var values = new ArrayList<>();
          for (var vector : batch.getFieldVectors()) {
            var value = vector.getObject(row);
            values.add(value instanceof Text text ? text.toString() : value);
          }
          rows.add(values);
        }
      }
      return rows;
    }
  }

  @Override
  public void close() throws Exception {
    channel.shutdownNow();
    if (!channel.awaitTermination(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException("The channel does not end");
    }
    allocator.close();
  }
}
