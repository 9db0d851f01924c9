package io.github.kurrentlake.embedded.kurrentdb;

import io.github.kurrentlake.settings.Secret;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.flight.impl.Flight;

/**
 * Decides before a call begins whether it may, in KurrentDB's order: is the node there, who is
 * calling, is Flight SQL licensed, may the caller read the log. It answers Handshake itself.
 */
final class Gatekeeper implements ServerInterceptor {
  /** Bytes waiting for a slow client before its query pauses; about two batches of events. */
  private static final int READY_THRESHOLD = 2 * 1024 * 1024;

  private static final Metadata.Key<String> AUTHORIZATION = ascii("authorization");

  private final Switches switches;
  private final Map<String, User> users;
  private final AtomicLong calls = new AtomicLong();

  Gatekeeper(Switches switches, Map<String, User> users) {
    this.switches = switches;
    this.users = Map.copyOf(users);
  }

  /** How the node was set up. */
  record Switches(
      boolean insecure, boolean ready, boolean indexing, boolean licensed, boolean gzip) {}

  /** A user; only those who read {@code $all} may query. */
  record User(Secret password, boolean readsLog) {}

  private static final User ANYONE = new User(Secret.of(""), true);
  private static final User ANONYMOUS = new User(Secret.of(""), false);

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!switches.indexing()) {
      return refuse(call, Status.UNIMPLEMENTED.withDescription("Service is unimplemented."));
    }
    if (!switches.ready()) {
      var trailers = new Metadata();
      trailers.put(ascii("grpc-retry-pushback-ms"), "-1");
      return refuse(call, Status.UNAVAILABLE.withDescription("Server not ready"), trailers);
    }
    var header = headers.get(AUTHORIZATION);
    var user = user(header);
    if (user.isEmpty()) {
      return refuse(call, Status.UNAUTHENTICATED.withDescription("Unauthenticated"));
    }
    return switch (call.getMethodDescriptor().getBareMethodName()) {
      case "Handshake" -> switches.licensed() ? shakeHands(call, header) : unlicensed(call);
      case "GetFlightInfo", "GetSchema", "DoGet", "DoPut", "DoAction" -> {
        if (!switches.licensed()) {
          yield unlicensed(call);
        }
        yield user.get().readsLog() ? proceed(call, headers, next) : deny(call);
      }
      case "PollFlightInfo" ->
          refuse(call, Status.UNIMPLEMENTED.withDescription("Method is unimplemented."));
      default -> proceed(call, headers, next);
    };
  }

  private <Q, A> ServerCall.Listener<Q> proceed(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    call.setOnReadyThreshold(READY_THRESHOLD);
    if (switches.gzip()) {
      // For clients that offer it, which all of gRPC's do.
      call.setCompression("gzip");
    }
    var connection = ClientConnection.of(call, calls);
    return Contexts.interceptCall(connection.asContext(), call, headers, next);
  }

  /** Empty for a password that is wrong; anyone who shows nothing or something odd is anonymous. */
  private Optional<User> user(String header) {
    if (switches.insecure()) {
      return Optional.of(ANYONE);
    }
    if (header == null || !(header.startsWith("Basic ") || header.startsWith("Bearer "))) {
      return Optional.of(ANONYMOUS);
    }
    String credentials;
    try {
      credentials =
          new String(
              Base64.getDecoder().decode(header.substring(header.indexOf(' ') + 1).trim()),
              StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.of(ANONYMOUS);
    }
    var colon = credentials.indexOf(':');
    if (colon < 0) {
      return Optional.of(ANONYMOUS);
    }
    var password = credentials.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
    return Optional.ofNullable(users.get(credentials.substring(0, colon)))
        .filter(
            user ->
                MessageDigest.isEqual(
                    user.password().reveal().getBytes(StandardCharsets.UTF_8), password));
  }

  /** Returns the credentials as a token; anyone who must show some and does not is refused. */
  // The method's name says that the answer is a handshake's.
  @SuppressWarnings("unchecked")
  private <Q, A> ServerCall.Listener<Q> shakeHands(ServerCall<Q, A> call, String header) {
    var isShown = header != null && (header.startsWith("Basic ") || header.startsWith("basic "));
    if (!isShown && !switches.insecure()) {
      return refuse(call, Status.UNAUTHENTICATED.withDescription("Unauthenticated"));
    }
    var answer = new Metadata();
    if (isShown) {
      answer.put(AUTHORIZATION, "Bearer " + header.substring("Basic ".length()));
    }
    call.sendHeaders(answer);
    call.sendMessage((A) Flight.HandshakeResponse.getDefaultInstance());
    call.close(Status.OK, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static <Q, A> ServerCall.Listener<Q> unlicensed(ServerCall<Q, A> call) {
    return refuse(
        call,
        Status.FAILED_PRECONDITION.withDescription(
            "Arrow Flight SQL is not licensed. Required entitlement: ARROW_FLIGHT_SQL"));
  }

  private static <Q, A> ServerCall.Listener<Q> deny(ServerCall<Q, A> call) {
    var trailers = new Metadata();
    trailers.put(ascii("exception"), "access-denied");
    return refuse(call, Status.PERMISSION_DENIED.withDescription("Access Denied"), trailers);
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
    return refuse(call, status, new Metadata());
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(
      ServerCall<Q, A> call, Status status, Metadata trailers) {
    call.close(status, trailers);
    return new ServerCall.Listener<>() {};
  }

  private static Metadata.Key<String> ascii(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
