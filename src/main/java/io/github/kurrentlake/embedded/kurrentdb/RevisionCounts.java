package io.github.kurrentlake.embedded.kurrentdb;

/**
 * How many events each stream has so far. A file may hold millions of streams, so only a 64-bit
 * hash of each name is kept: twelve bytes a stream in an open-addressed table. Ten million names
 * share a hash with a chance of about one in 400 000, which a log for a laptop can bear.
 */
final class RevisionCounts {
  private static final long FREE = 0;

  private long[] hashes = new long[1024];
  private int[] counts = new int[1024];
  private int streams;

  /** The revision of the next event of this stream; counts it. */
  long next(String stream) {
    if (streams > hashes.length / 3 * 2) {
      grow();
    }
    var hash = hash(stream);
    var slot = slot(hashes, hash);
    if (hashes[slot] == FREE) {
      hashes[slot] = hash;
      streams++;
    }
    var revision = counts[slot];
    counts[slot] = Math.incrementExact(revision);
    return revision;
  }

  private void grow() {
    var wider = new long[hashes.length * 2];
    var widerCounts = new int[wider.length];
    for (var i = 0; i < hashes.length; i++) {
      if (hashes[i] != FREE) {
        var slot = slot(wider, hashes[i]);
        wider[slot] = hashes[i];
        widerCounts[slot] = counts[i];
      }
    }
    hashes = wider;
    counts = widerCounts;
  }

  private static int slot(long[] table, long hash) {
    var mask = table.length - 1;
    var slot = (int) hash & mask;
    while (table[slot] != FREE && table[slot] != hash) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** FNV-1a over the characters, then the finalizer of MurmurHash3 for even low bits. */
  private static long hash(String text) {
    var hash = 0xCBF29CE484222325L;
    for (var i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
    hash ^= hash >>> 33;
    return hash == FREE ? 1 : hash;
  }
}
