package io.github.kurrentlake.embedded.kurrentdb;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the query that an ad-hoc ticket carries. The key lives as long as one server process, so a
 * ticket dies at a restart and means nothing to another node.
 */
final class Tickets {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SIGNATURE_BYTES = 32;
  private final SecretKeySpec key;

  Tickets() {
    var bytes = new byte[SIGNATURE_BYTES];
    new SecureRandom().nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, ALGORITHM);
  }

  ByteString sign(String query) {
    var text = query.getBytes(StandardCharsets.UTF_8);
    return ByteString.copyFrom(
        ByteBuffer.allocate(text.length + SIGNATURE_BYTES).put(text).put(signature(text)).flip());
  }

  /**
   * The query that {@link #sign} was given.
   *
   * @throws InvalidTicketException when it was signed by another process or tampered with
   */
  String open(ByteString ticket) throws InvalidTicketException {
    var length = ticket.size() - SIGNATURE_BYTES;
    if (length < 0) {
      throw new InvalidTicketException();
    }
    var text = ticket.substring(0, length).toByteArray();
    var signature = ticket.substring(length).toByteArray();
    if (!MessageDigest.isEqual(signature, signature(text))) {
      throw new InvalidTicketException();
    }
    return new String(text, StandardCharsets.UTF_8);
  }

  private byte[] signature(byte[] text) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
    }
  }

  /** The ticket was not made by this process. */
  static final class InvalidTicketException extends Exception {
    InvalidTicketException() {
      super("Prepared query is invalid");
    }
  }
}
