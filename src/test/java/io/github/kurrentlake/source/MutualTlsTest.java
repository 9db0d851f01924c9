package io.github.kurrentlake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kurrentlake.error.ErrorCode;
import io.github.kurrentlake.error.KurrentlakeException;
import io.github.kurrentlake.testing.DatabricksWorkspace;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import javax.security.auth.x500.X500Principal;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that wants to know its clients by certificate; it offers nothing else. */
class MutualTlsTest {
  @TempDir private Path directory;

  @Test
  void aClientShowsItsCertificateWhenItHasOne() throws Exception {
    identify("server");
    identify("client");
    var ssl =
        GrpcSslContexts.forServer(file("server.pem").toFile(), file("server.key").toFile())
            .trustManager(file("client.pem").toFile())
            .clientAuth(ClientAuth.REQUIRE)
            .build();
    var server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(ssl)
            .build()
            .start();
    try {
      Files.writeString(file("user"), "reader");
      var options = new HashMap<String, String>();
      options.put("endpoint", "grpc+tls://localhost:" + server.getPort());
      options.put("tlsCa", file("server.pem").toString());
      options.put("usernameFile", file("user").toString());
      options.put("passwordFile", file("user").toString());
      options.put("maxRetries", "0");
      assertThat(failure(options)).isNotEqualTo(ErrorCode.NO_FLIGHT_SQL);

      options.put("tlsCertificate", file("client.pem").toString());
      assertThat(failure(options)).isEqualTo(ErrorCode.MISSING_OPTION);

      options.put("tlsKey", file("client.key").toString());
      // The call was let through to where it is not known.
      assertThat(failure(options)).isEqualTo(ErrorCode.NO_FLIGHT_SQL);

      try (var workspace = DatabricksWorkspace.start().login()) {
        workspace.put("kurrentdb/key", Files.readString(file("client.key")));
        options.put("tlsKeySecret", "kurrentdb/key");
        assertThat(failure(options)).isEqualTo(ErrorCode.CONFLICTING_OPTIONS);
        options.remove("tlsKey");
        options.put("tlsCertificate", Files.readString(file("client.pem")));
        assertThat(failure(options)).isEqualTo(ErrorCode.NO_FLIGHT_SQL);
        options.remove("tlsKeySecret");
      }

      options.put("tlsCertificate", file("server.pem").toString());
      options.put("tlsKey", file("server.key").toString());
      assertThat(failure(options)).isNotEqualTo(ErrorCode.NO_FLIGHT_SQL);
    } finally {
      server.shutdownNow().awaitTermination();
    }
  }

  private static ErrorCode failure(Map<String, String> options) {
    var codes = new ErrorCode[1];
    assertThatThrownBy(
            () -> LogRequest.of(new CaseInsensitiveStringMap(options)).plan(OptionalLong.empty()))
        .isInstanceOfSatisfying(KurrentlakeException.class, e -> codes[0] = e.code());
    return codes[0];
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  /** Signed by itself, so that anyone who trusts it trusts nobody else. */
  private void identify(String name) throws Exception {
    var keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    var subject = new X500Principal("CN=" + name);
    var now = Instant.now();
    var certificate =
        new JcaX509v3CertificateBuilder(
                subject,
                BigInteger.ONE,
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofDays(1))),
                subject,
                keys.getPublic())
            .addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")))
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    write(name + ".pem", certificate);
    write(name + ".key", new JcaPKCS8Generator(keys.getPrivate(), null));
  }

  private void write(String name, Object object) throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    Files.writeString(file(name), text.toString());
  }
}
