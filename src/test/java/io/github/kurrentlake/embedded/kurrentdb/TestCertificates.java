package io.github.kurrentlake.embedded.kurrentdb;

/**
 * Certificates for a server on {@code localhost}, as PEM texts.
 *
 * @param authority the certificate of the authority that signed the server's
 */
public record TestCertificates(String authority, String server, String serverKey) {

  /** New ones, of an authority of their own. */
  public static TestCertificates create() {
    var made = Certificates.create();
    return new TestCertificates(made.authority(), made.server(), made.serverKey());
  }
}
