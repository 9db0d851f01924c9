package io.github.kurrentlake.lakebase.connect;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.settings.SecretPlace;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the names of {@link ConnectionInfoProvider#parse}. */
final class LakebaseName {
  static final String INSTANCES = "instances/";
  private static final String SCHEME = "postgresql";
  private static final Pattern INSTANCE = Pattern.compile(INSTANCES + "[A-Za-z0-9_-]+");
  private static final Pattern ENDPOINT =
      Pattern.compile("projects/[\\w-]+/branches/[\\w-]+/endpoints/[\\w-]+");

  private LakebaseName() {}

  static ConnectionInfoProvider parse(String name, SecretPlace password) {
    var question = name.indexOf('?');
    var path = question < 0 ? name : name.substring(0, question);
    var parameters = parameters(name, question < 0 ? "" : name.substring(question + 1));
    if (path.startsWith(SCHEME + "://")) {
      return url(
          path,
          known(name, parameters, Set.of("sslrootcert"), urlParameters(parameters)),
          password);
    }
    known(
        name,
        parameters,
        Set.of("database", "user"),
        "only database=NAME and user=ROLE may stand behind the question mark");
    var database = parameters.getOrDefault("database", ConnectionInfoProvider.DEFAULT_DATABASE);
    var role = parameters.getOrDefault("user", "");
    if (!INSTANCE.matcher(path).matches() && !ENDPOINT.matcher(path).matches()) {
      throw bad(name);
    }
    return new DatabricksLakebase(path, database, role);
  }

  /** The part of a name that says database and role, unless they are the usual ones. */
  static String query(String database, String role) {
    var query = new StringBuilder();
    if (!database.equals(ConnectionInfoProvider.DEFAULT_DATABASE)) {
      query.append("?database=").append(encode(database));
    }
    if (!role.isEmpty()) {
      query.append(query.isEmpty() ? '?' : '&').append("user=").append(encode(role));
    }
    return query.toString();
  }

  private static PostgresUrl url(
      String path, Map<String, String> parameters, SecretPlace password) {
    URI uri;
    try {
      uri = URI.create(path);
    } catch (IllegalArgumentException e) {
      // Its text is not kept as the cause: it may hold a password.
      throw bad(path);
    }
    var user = uri.getUserInfo();
    var isAddress =
        uri.getHost() != null
            && user != null
            && !user.isEmpty()
            && !uri.getRawUserInfo().contains(":")
            && uri.getPath().matches("/[^/]+");
    if (!isAddress) {
      var rest = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
      throw rest.contains(":") ? bad(path).with("reason", "it holds a password") : bad(path);
    }
    var port = uri.getPort() < 0 ? PostgresAddress.DEFAULT_PORT : uri.getPort();
    var certificate = parameters.getOrDefault("sslrootcert", "");
    var database = uri.getPath().substring(1);
    return new PostgresUrl(
        new PostgresAddress(uri.getHost(), port, database, user, certificate), password);
  }

  private static Map<String, String> parameters(String name, String query) {
    var parameters = new HashMap<String, String>();
    for (var part : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      var equals = part.indexOf('=');
      if (equals < 1 || equals == part.length() - 1) {
        throw bad(name);
      }
      var value = URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8);
      parameters.put(part.substring(0, equals), value);
    }
    return parameters;
  }

  private static Map<String, String> known(
      String name, Map<String, String> parameters, Set<String> names, String reason) {
    if (!names.containsAll(parameters.keySet())) {
      throw bad(name).with("reason", reason);
    }
    return parameters;
  }

  private static String urlParameters(Map<String, String> parameters) {
    return parameters.containsKey("sslmode")
        ? "sslmode cannot be chosen: it is verify-full for every server but this machine itself;"
            + " leave it out, and for an authority of your own write sslrootcert=FILE"
        : "only sslrootcert=FILE may stand behind the question mark";
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Neither a password before the {@code @} nor one among the parameters is shown. */
  private static KurrentlakeException bad(String name) {
    var path = name.contains("?") ? name.substring(0, name.indexOf('?')) + "?******" : name;
    var at = path.lastIndexOf('@');
    var shown = at < 0 ? path : "******" + path.substring(at);
    // Without an @ before the question mark it may be a password that holds one.
    var safe = at < 0 && path.contains("://") ? "******" : shown;
    return ErrorCode.BAD_LAKEBASE.error().with("lakebase", safe);
  }
}
