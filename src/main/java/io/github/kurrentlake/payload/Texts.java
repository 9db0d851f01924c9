package io.github.kurrentlake.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Which bytes and characters are text. */
final class Texts {
  private static final int REPLACEMENT = 0xFFFD;

  private Texts() {}

  /**
   * Whether these bytes can be JSON in UTF-8. A JSON parser would guess other encodings where bytes
   * of zero are, and lets sequences pass that stand for no character.
   */
  static boolean mayBeJson(byte[] data) {
    var isAscii = true;
    for (var octet : data) {
      if (octet == 0) {
        return false;
      }
      isAscii &= octet > 0;
    }
    return isAscii || (data[0] > 0 && isUtf8(data));
  }

  private static boolean isUtf8(byte[] data) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(data));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /**
   * The text with U+FFFD for each half of a character that JSON's escapes can write and UTF-8
   * cannot; the same object when there is none.
   */
  static String wellFormed(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        var characters = text.codePoints().map(Texts::orReplacement).toArray();
        var whole = new String(characters, 0, characters.length);
        return whole.equals(text) ? text : whole;
      }
    }
    return text;
  }

  private static int orReplacement(int character) {
    return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE
        ? REPLACEMENT
        : character;
  }
}
