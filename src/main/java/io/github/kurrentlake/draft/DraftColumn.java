package io.github.kurrentlake.draft;

import java.util.List;

/**
 * A column that a sample suggests.
 *
 * @param type as a declaration writes it
 * @param places of its values, the newest first
 * @param present the share of the sample's events that have a value
 * @param firstPosition of the first event of the sample that has one
 * @param isRequired whether all of them have one, and there are enough to say so
 * @param isPersonal whether the name says that it may be about a person
 * @param doubt what should be looked at; empty when nothing
 */
public record DraftColumn(
    String name,
    String type,
    List<String> places,
    double present,
    long firstPosition,
    boolean isRequired,
    boolean isPersonal,
    String doubt) {

  /** The same under another name, with its places below an array. */
  DraftColumn at(String otherName, String array) {
    return new DraftColumn(
        otherName,
        type,
        places.stream().map(place -> array + "." + place).toList(),
        present,
        firstPosition,
        isRequired,
        isPersonal,
        doubt);
  }
}
