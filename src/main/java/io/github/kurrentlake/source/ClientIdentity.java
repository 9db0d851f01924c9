package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.settings.SecretPlace;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The certificate by which a client proves who it is, and where its key is.
 *
 * @param certificate a PEM file on every machine, or the PEM text itself; empty when the client has
 *     none
 * @param key where the key is: PEM in PKCS #8, not encrypted
 */
record ClientIdentity(String certificate, SecretPlace key) implements Serializable {
  static final ClientIdentity NONE = new ClientIdentity("", new SecretPlace.Nowhere());

  /**
   * The identity that the source's options name.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-103 for a certificate without a key
   *     and the other way round, KL-105 for two keys
   */
  static ClientIdentity of(CaseInsensitiveStringMap options) {
    var certificate = SourceOption.TLS_CERTIFICATE.find(options);
    var key = SecretOptions.TLS_KEY.find(options);
    if (certificate.isPresent() != key.isPresent()) {
      var missing = key.isPresent() ? SourceOption.TLS_CERTIFICATE : SourceOption.TLS_KEY;
      throw ErrorCode.MISSING_OPTION.error().with("option", missing.name());
    }
    return new ClientIdentity(certificate.orElse(""), key.orElse(NONE.key()));
  }

  boolean isGiven() {
    return !certificate.isEmpty();
  }

  /** The source's options that lead to the same identity. */
  Map<String, String> options() {
    if (!isGiven()) {
      return Map.of();
    }
    var options = new HashMap<>(SecretOptions.TLS_KEY.naming(key));
    options.put(SourceOption.TLS_CERTIFICATE.name(), certificate);
    return options;
  }

  /** The same identity for executors, which cannot look everywhere. */
  ClientIdentity forTasks() {
    return new ClientIdentity(certificate, key.forTasks());
  }
}
