package io.github.kurrentlake.settings;

import com.databricks.sdk.core.ApiClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksException;
import com.databricks.sdk.service.workspace.GetSecretRequest;
import com.databricks.sdk.service.workspace.SecretsAPI;
import io.github.kurrentlake.error.Causes;
import io.github.kurrentlake.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Reads secrets of a Databricks workspace as the identity that the SDK finds: what the environment
 * says, else that of the notebook on a driver. It logs in for each secret again, since notebooks of
 * several users may share this JVM.
 */
final class DatabricksSecrets {
  private DatabricksSecrets() {}

  /**
   * The secret as it is now, without white space at the end.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-107
   */
  static Secret read(SecretName name) {
    try {
      var secrets = new SecretsAPI(new ApiClient(new DatabricksConfig()));
      var answer =
          secrets.getSecret(new GetSecretRequest().setScope(name.scope()).setKey(name.key()));
      var bytes = Base64.getDecoder().decode(answer.getValue());
      return Secret.of(new String(bytes, StandardCharsets.UTF_8).stripTrailing());
    } catch (DatabricksException e) {
      var reason = Causes.firstLine(e);
      throw ErrorCode.SECRET_UNREADABLE
          .error()
          .with("secret", name)
          .with("reason", reason)
          .causedBy(e);
    }
  }
}
