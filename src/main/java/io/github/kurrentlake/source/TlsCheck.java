package io.github.kurrentlake.source;

import io.github.kurrentlake.error.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A TLS handshake with a node, and nothing more. */
public final class TlsCheck {
  private TlsCheck() {}

  /**
   * The certificate by which a node proves who it is.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-204 when it is not trusted, or is
   *     another host's
   */
  public static X509Certificate certificate(KurrentDb kurrentdb, int timeoutMillis) {
    var uri = kurrentdb.endpoint().uri();
    try (var socket =
        (SSLSocket) context(kurrentdb.caCertificate()).getSocketFactory().createSocket()) {
      var parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(timeoutMillis);
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), timeoutMillis);
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    } catch (IOException | GeneralSecurityException e) {
      throw ErrorCode.UNTRUSTED_CERTIFICATE
          .error()
          .with("endpoint", kurrentdb.endpoint())
          .with("reason", e.getMessage())
          .causedBy(e);
    }
  }

  private static SSLContext context(String authorities)
      throws GeneralSecurityException, IOException {
    if (authorities.isEmpty()) {
      return SSLContext.getDefault();
    }
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    var pem = new ByteArrayInputStream(authorities.getBytes(StandardCharsets.US_ASCII));
    for (var authority : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
      store.setCertificateEntry("authority-" + store.size(), authority);
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
