/**
 * A first {@code pipeline.yaml}, made of what KurrentDB holds: a sample of each event type is read,
 * and names, types and places are guessed from it. The cli calls it; it asks the source, and reads
 * values as payload does.
 */
package io.github.kurrentlake.draft;
