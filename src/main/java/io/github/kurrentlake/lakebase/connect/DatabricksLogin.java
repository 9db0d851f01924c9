package io.github.kurrentlake.lakebase.connect;

import com.databricks.sdk.core.ApiClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.core.DatabricksException;
import com.databricks.sdk.service.database.DatabaseAPI;
import com.databricks.sdk.service.iam.CurrentUserAPI;
import com.databricks.sdk.service.iam.MeRequest;
import com.databricks.sdk.service.postgres.PostgresAPI;
import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.settings.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Asks Databricks where a Lakebase is and for a token, as the identity that the SDK finds: {@code
 * DATABRICKS_HOST} with {@code DATABRICKS_CLIENT_ID} and {@code DATABRICKS_CLIENT_SECRET} or
 * another of the SDK's ways, else that of the notebook on a driver. Of the SDK's services only
 * those that are called are built.
 */
final class DatabricksLogin {
  private final DatabricksConfig config;

  DatabricksLogin(DatabricksConfig config) {
    this.config = config;
  }

  static DatabricksLogin ofProcess() {
    return new DatabricksLogin(new DatabricksConfig());
  }

  ConnectionInfo login(DatabricksLakebase lakebase) {
    try {
      var client = new ApiClient(config);
      return lakebase.name().startsWith(LakebaseName.INSTANCES)
          ? ofInstance(lakebase, client)
          : ofEndpoint(lakebase, client);
    } catch (DatabricksException e) {
      throw refused(lakebase, e);
    }
  }

  private static ConnectionInfo ofInstance(DatabricksLakebase lakebase, ApiClient client) {
    var api = new DatabaseAPI(client);
    var name = lakebase.name().substring(LakebaseName.INSTANCES.length());
    var host = host(lakebase, api.getDatabaseInstance(name).getReadWriteDns());
    var request =
        new com.databricks.sdk.service.database.GenerateDatabaseCredentialRequest()
            .setRequestId(UUID.randomUUID().toString())
            .setInstanceNames(List.of(name));
    var credential = api.generateDatabaseCredential(request);
    return info(
        lakebase,
        client,
        host,
        credential.getToken(),
        Instant.parse(credential.getExpirationTime()));
  }

  private static ConnectionInfo ofEndpoint(DatabricksLakebase lakebase, ApiClient client) {
    var api = new PostgresAPI(client);
    var status = Optional.ofNullable(api.getEndpoint(lakebase.name()).getStatus());
    // The pooled hosts do not take tokens.
    var host =
        host(lakebase, status.map(found -> found.getHosts()).map(h -> h.getHost()).orElse(""));
    var request =
        new com.databricks.sdk.service.postgres.GenerateDatabaseCredentialRequest()
            .setEndpoint(lakebase.name());
    var credential = api.generateDatabaseCredential(request);
    var expires = credential.getExpireTime();
    return info(
        lakebase,
        client,
        host,
        credential.getToken(),
        Instant.ofEpochSecond(expires.getSeconds(), expires.getNanos()));
  }

  private static ConnectionInfo info(
      DatabricksLakebase lakebase, ApiClient client, String host, String token, Instant expiresAt) {
    var user = role(lakebase.role(), client);
    var address = PostgresAddress.of(host, PostgresAddress.DEFAULT_PORT, lakebase.database(), user);
    return new ConnectionInfo(address, Secret.of(token), expiresAt);
  }

  /** A person's role is named like the person, a service principal's like its application id. */
  private static String role(String role, ApiClient client) {
    return role.isEmpty() ? new CurrentUserAPI(client).me(new MeRequest()).getUserName() : role;
  }

  private static String host(ConnectionInfoProvider lakebase, String host) {
    if (host == null || host.isEmpty()) {
      throw ErrorCode.NO_SUCH_LAKEBASE
          .error()
          .with("lakebase", lakebase)
          .with("reason", "it has no host yet");
    }
    return host;
  }

  private static KurrentlakeException refused(
      ConnectionInfoProvider lakebase, DatabricksException e) {
    var code =
        e instanceof DatabricksError error && error.getStatusCode() == 404
            ? ErrorCode.NO_SUCH_LAKEBASE
            : ErrorCode.DATABRICKS_REFUSED;
    var reason = Causes.firstLine(e);
    return code.error().with("lakebase", lakebase).with("reason", reason).causedBy(e);
  }
}
