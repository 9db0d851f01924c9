package io.github.kurrentlake.payload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A key of payloads that some field asks for, with the keys below it; or the payload itself. */
final class Key {
  private final int number;
  private final Map<String, Key> below = new HashMap<>();
  private String column;

  private Key(int number) {
    this.number = number;
  }

  /** All keys that a projection's fields ask for. */
  static final class Tree {
    private final Key payload = new Key(0);
    private int size = 1;

    Key payload() {
      return payload;
    }

    /** The number of keys; each has a number below it. */
    int size() {
      return size;
    }

    /**
     * The keys that lead to a value, outermost first.
     *
     * @param column the column that the value is for
     */
    List<Key> path(List<String> names, String column) {
      var keys = new ArrayList<Key>();
      var key = payload;
      for (var name : names) {
        key = key.below.computeIfAbsent(name, absent -> new Key(size++));
        keys.add(key);
        var isLast = keys.size() == names.size();
        if (isLast ? !key.below.isEmpty() : key.isValue()) {
          throw new IllegalArgumentException(
              "a key cannot hold a value and an object: "
                  + String.join(".", names.subList(0, keys.size())));
        }
      }
      key.column = key.isValue() ? key.column : column;
      return keys;
    }
  }

  int number() {
    return number;
  }

  /** The key of this name below; null when no field asks for it. */
  Key below(String name) {
    return below.get(name);
  }

  Iterable<Key> allBelow() {
    return below.values();
  }

  /** Whether a value is expected here, and not an object. */
  boolean isValue() {
    return column != null;
  }

  /** The column that the value is for, the first of several; null for an object. */
  String column() {
    return column;
  }
}
