package io.github.kurrentlake.bench;

import io.github.kurrentlake.settings.Environment;
import io.github.kurrentlake.source.Credentials;
import io.github.kurrentlake.source.Endpoint;
import io.github.kurrentlake.source.KurrentDb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a process needs to reach a node.
 *
 * @param authority the PEM file of the node's authority; not read without TLS
 * @param username the file with the user's name
 * @param password the file with the password
 */
record NodeAddress(Endpoint endpoint, Path authority, Path username, Path password) {

  /** The address of a node, with the user that every embedded node has: its log is made up. */
  static NodeAddress of(String endpoint, Path authority, Path directory) {
    try {
      return new NodeAddress(
          Endpoint.parse(endpoint),
          authority,
          Files.writeString(directory.resolve("username"), "admin"),
          Files.writeString(directory.resolve("password"), "changeit"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address that {@link #arguments} handed over. */
  static NodeAddress of(List<String> arguments) {
    return new NodeAddress(
        Endpoint.parse(arguments.get(0)),
        Path.of(arguments.get(1)),
        Path.of(arguments.get(2)),
        Path.of(arguments.get(3)));
  }

  List<String> arguments() {
    return List.of(
        endpoint.toString(), authority.toString(), username.toString(), password.toString());
  }

  KurrentDb kurrentdb() {
    var files =
        Map.of(
            Credentials.USERNAME + "_FILE", username.toString(),
            Credentials.PASSWORD + "_FILE", password.toString());
    return KurrentDb.at(
        endpoint,
        Optional.of(authority.toString()).filter(file -> endpoint.isTls()),
        Credentials.of(Environment.ofProcess().with(files), endpoint));
  }

  /** The value of the {@code authorization} header. */
  String header() {
    try {
      var pair = Files.readString(username) + ":" + Files.readString(password);
      return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
