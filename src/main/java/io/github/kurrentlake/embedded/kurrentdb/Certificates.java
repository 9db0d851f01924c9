package io.github.kurrentlake.embedded.kurrentdb;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of its own and a server certificate for this machine's loopback names,
 * made again each time, so that a client has to be given the authority as it has with a real node.
 * All texts are PEM.
 */
record Certificates(String authority, String server, String serverKey) {
  private static final X500Principal AUTHORITY = new X500Principal("CN=KurrentDB double CA");
  private static final Duration LIFETIME = Duration.ofDays(30);
  // Clocks of containers and virtual machines run apart by minutes.
  private static final Duration TOLERANCE = Duration.ofHours(1);

  static Certificates create() {
    try {
      var extensions = new JcaX509ExtensionUtils();
      var authorityKeys = keys();
      var authority =
          sign(
              certificate(AUTHORITY, authorityKeys)
                  .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                  .addExtension(
                      Extension.keyUsage,
                      true,
                      new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                  .addExtension(
                      Extension.subjectKeyIdentifier,
                      false,
                      extensions.createSubjectKeyIdentifier(authorityKeys.getPublic())),
              authorityKeys);
      var serverKeys = keys();
      var server =
          sign(
              certificate(new X500Principal("CN=localhost"), serverKeys)
                  .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                  .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                  .addExtension(
                      Extension.extendedKeyUsage,
                      false,
                      new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                  .addExtension(
                      Extension.authorityKeyIdentifier,
                      false,
                      extensions.createAuthorityKeyIdentifier(authorityKeys.getPublic()))
                  .addExtension(
                      Extension.subjectAlternativeName,
                      false,
                      new GeneralNames(
                          new GeneralName[] {
                            new GeneralName(GeneralName.dNSName, "localhost"),
                            new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                            new GeneralName(GeneralName.iPAddress, "::1")
                          })),
              authorityKeys);
      return new Certificates(
          pem(authority), pem(server), pem(new JcaPKCS8Generator(serverKeys.getPrivate(), null)));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("A certificate could not be made", e);
    }
  }

  private static KeyPair keys() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static X509v3CertificateBuilder certificate(X500Principal subject, KeyPair keys) {
    var now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        AUTHORITY,
        new BigInteger(127, new SecureRandom()),
        Date.from(now.minus(TOLERANCE)),
        Date.from(now.plus(LIFETIME)),
        subject,
        keys.getPublic());
  }

  private static X509Certificate sign(X509v3CertificateBuilder certificate, KeyPair authority)
      throws OperatorCreationException, GeneralSecurityException {
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate());
    return new JcaX509CertificateConverter().getCertificate(certificate.build(signer));
  }

  private static String pem(Object object) throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }

  /** Without the private key, which no log may show. */
  @Override
  public String toString() {
    return "Certificates[" + AUTHORITY.getName() + "]";
  }
}
