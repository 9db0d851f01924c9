package io.github.kurrentlake.embedded.kurrentdb;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.github.kurrentlake.embedded.kurrentdb.Tickets.InvalidTicketException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.ActionType;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightProducer;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.SchemaResult;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionClosePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementResult;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetCatalogs;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetCrossReference;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetDbSchemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetExportedKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetImportedKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetPrimaryKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetSqlInfo;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTableTypes;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTables;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.DoPutPreparedStatementResult;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The calls of Flight and Flight SQL as KurrentDB answers them. It implements Flight's interface
 * and not a stub of Flight SQL, because half of what KurrentDB does is what it does not support.
 * Anyone who gets here was {@linkplain Gatekeeper let in}.
 */
final class FlightSqlService implements FlightProducer {
  /** How a protobuf {@code Any} begins; everything else in a descriptor is SQL. */
  private static final byte ANY = 0x0A;

  private static final long UNKNOWN = -1;
  private static final List<Class<? extends Message>> METADATA_COMMANDS =
      List.of(
          CommandGetSqlInfo.class,
          CommandGetCatalogs.class,
          CommandGetDbSchemas.class,
          CommandGetTables.class,
          CommandGetTableTypes.class,
          CommandGetPrimaryKeys.class,
          CommandGetExportedKeys.class,
          CommandGetImportedKeys.class,
          CommandGetCrossReference.class);

  private final Queries queries;
  private final BufferAllocator allocator;
  private final Executor executor;

  /**
   * @param executor runs the queries; gRPC's own thread of a call must stay free to notice that the
   *     client is ready for more, or gone
   */
  FlightSqlService(Queries queries, BufferAllocator allocator, Executor executor) {
    this.queries = queries;
    this.allocator = allocator;
    this.executor = executor;
  }

  @Override
  public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
    var bytes = descriptor.isCommand() ? descriptor.getCommand() : new byte[0];
    if (bytes.length == 0 || bytes[0] != ANY) {
      var query = queries.prepare(new String(bytes, StandardCharsets.UTF_8));
      return info(queries.describe(query).dataset(), descriptor, adHoc(query));
    }
    var command = any(bytes);
    if (command.is(CommandStatementQuery.class)) {
      var query = queries.prepare(unpack(command, CommandStatementQuery.class).getQuery());
      return info(Queries.EMPTY_SCHEMA, descriptor, adHoc(query));
    } else if (command.is(CommandPreparedStatementQuery.class)) {
      var statement = statement(command);
      return info(statement.description().dataset(), descriptor, new Ticket(command.toByteArray()));
    } else if (METADATA_COMMANDS.stream().anyMatch(command::is)) {
      return new FlightInfo(Queries.EMPTY_SCHEMA, descriptor, List.of(), UNKNOWN, UNKNOWN);
    }
    throw Statuses.unsupported();
  }

  @Override
  public SchemaResult getSchema(CallContext context, FlightDescriptor descriptor) {
    var command = any(descriptor.isCommand() ? descriptor.getCommand() : new byte[0]);
    if (command.is(CommandStatementQuery.class)) {
      var query = queries.prepare(unpack(command, CommandStatementQuery.class).getQuery());
      return new SchemaResult(queries.describe(query).dataset());
    } else if (command.is(CommandPreparedStatementQuery.class)) {
      return new SchemaResult(statement(command).description().dataset());
    }
    throw Statuses.unsupported();
  }

  @Override
  public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
    var content = any(ticket.getBytes());
    String query;
    List<List<Object>> parameters;
    if (content.is(BytesValue.class)) {
      try {
        query =
            ClientConnection.current().tickets().open(unpack(content, BytesValue.class).getValue());
      } catch (InvalidTicketException e) {
        throw Statuses.opaque(e);
      }
      parameters = Queries.NO_PARAMETERS;
    } else if (content.is(CommandPreparedStatementQuery.class)) {
      var statement = statement(content);
      query = statement.sql();
      parameters = statement.parameters();
    } else {
      throw Statuses.unsupported();
    }
    var flow = new Queries.Flow(listener);
    executor.execute(() -> queries.stream(query, parameters, flow));
  }

  @Override
  public Runnable acceptPut(
      CallContext context, FlightStream rows, StreamListener<PutResult> acknowledgements) {
    return () -> {
      var descriptor = rows.getDescriptor();
      var command = any(descriptor.isCommand() ? descriptor.getCommand() : new byte[0]);
      if (!command.is(CommandPreparedStatementQuery.class)) {
        throw Statuses.unsupported();
      }
      var statement = statement(command);
      BoundParameters.check(rows.getSchema());
      var parameters = new ArrayList<List<Object>>();
      while (rows.next()) {
        parameters.addAll(BoundParameters.rows(rows.getRoot()));
      }
      statement.bind(List.copyOf(parameters));
      acknowledge(handle(command), acknowledgements);
    };
  }

  @Override
  public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
    switch (action.getType()) {
      case "CreatePreparedStatement" -> {
        var request = unpack(any(action.getBody()), ActionCreatePreparedStatementRequest.class);
        var query = queries.prepare(request.getQuery());
        var description = queries.describe(query);
        var result =
            ActionCreatePreparedStatementResult.newBuilder()
                .setPreparedStatementHandle(ClientConnection.current().add(query, description))
                .setDatasetSchema(serialize(description.dataset()))
                .setParameterSchema(serialize(description.parameters()))
                .build();
        listener.onNext(new Result(Any.pack(result).toByteArray()));
      }
      case "ClosePreparedStatement" -> {
        var request = unpack(any(action.getBody()), ActionClosePreparedStatementRequest.class);
        ClientConnection.current().remove(request.getPreparedStatementHandle());
        listener.onNext(new Result(new byte[0]));
      }
      case "CloseSession" -> listener.onNext(new Result(new byte[0]));
      default -> throw Statuses.unsupported("Action " + action.getType() + " is not supported");
    }
    listener.onCompleted();
  }

  @Override
  public void listFlights(
      CallContext context, Criteria criteria, StreamListener<FlightInfo> listener) {
    throw Statuses.opaque();
  }

  @Override
  public void listActions(CallContext context, StreamListener<ActionType> listener) {
    throw Statuses.opaque();
  }

  @Override
  public void doExchange(CallContext context, FlightStream reader, ServerStreamListener writer) {
    throw Statuses.opaque();
  }

  private static Ticket adHoc(String query) {
    var signed = ClientConnection.current().tickets().sign(query);
    return new Ticket(Any.pack(BytesValue.of(signed)).toByteArray());
  }

  private static FlightInfo info(Schema schema, FlightDescriptor descriptor, Ticket ticket) {
    return new FlightInfo(
        schema, descriptor, List.of(new FlightEndpoint(ticket)), UNKNOWN, UNKNOWN);
  }

  private static ClientConnection.Statement statement(Any command) {
    return ClientConnection.current().statement(handle(command));
  }

  private static ByteString handle(Any command) {
    return unpack(command, CommandPreparedStatementQuery.class).getPreparedStatementHandle();
  }

  private void acknowledge(ByteString handle, StreamListener<PutResult> acknowledgements) {
    var bytes =
        DoPutPreparedStatementResult.newBuilder()
            .setPreparedStatementHandle(handle)
            .build()
            .toByteArray();
    try (var buffer = allocator.buffer(bytes.length)) {
      buffer.writeBytes(bytes);
      acknowledgements.onNext(PutResult.metadata(buffer));
    }
    acknowledgements.onCompleted();
  }

  private static ByteString serialize(Schema schema) {
    var bytes = new ByteArrayOutputStream();
    try {
      MessageSerializer.serialize(new WriteChannel(Channels.newChannel(bytes)), schema);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteString.copyFrom(bytes.toByteArray());
  }

  private static Any any(byte[] bytes) {
    try {
      return Any.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw Statuses.opaque(e);
    }
  }

  private static <T extends Message> T unpack(Any any, Class<T> type) {
    try {
      return any.unpack(type);
    } catch (InvalidProtocolBufferException e) {
      throw Statuses.opaque(e);
    }
  }
}
