package io.github.kurrentlake.lakebase.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.kurrentlake.error.ErrorCode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.connector.read.streaming.Offset;

/**
 * How far a stream has come. What {@code reached} means depends on the mode:
 *
 * <ul>
 *   <li>XMIN, XID8: every row of a transaction below it was read, and of that transaction itself
 *       those up to {@code key}
 *   <li>MONOTONIC: the value of the cursor column, exactly as Postgres writes it, and the key
 *   <li>SLOT: the end of the last commit that was read; {@code snapshot} says of a first load what
 *       had been committed when the slot began, {@code publication} since when the table is
 *       published
 * </ul>
 */
final class Position extends Offset {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ReadMode mode;
  private final String cluster;
  private final String timeline;
  private final String reached;
  private final List<String> key;
  private final String snapshot;
  private final String publication;

  private Position(
      ReadMode mode,
      String cluster,
      String timeline,
      String reached,
      List<String> key,
      String snapshot,
      String publication) {
    this.mode = mode;
    this.cluster = cluster;
    this.timeline = timeline;
    this.reached = reached;
    this.key = List.copyOf(key);
    this.snapshot = snapshot;
    this.publication = publication;
  }

  /** Before everything. */
  static Position start(ReadMode mode, ClusterState now) {
    return new Position(mode, now.cluster(), now.timeline(), "", List.of(), "", "");
  }

  /** The position of the same stream further on. */
  Position at(String further) {
    return new Position(mode, cluster, timeline, further, List.of(), "", "");
  }

  /** The position within the rows that have the same value. */
  Position at(String further, List<String> through) {
    return new Position(mode, cluster, timeline, further, through, "", "");
  }

  /** The beginning of a slot, with what had been committed then. */
  Position atSlot(String lsn, String committed, String since) {
    return new Position(mode, cluster, timeline, lsn, List.of(), committed, since);
  }

  /** The position further on in what a slot tells. */
  Position atCommit(String lsn, String since) {
    return atSlot(lsn, "", since);
  }

  boolean isStart() {
    return reached.isEmpty();
  }

  ReadMode mode() {
    return mode;
  }

  /** Whether the numbers of this position mean in a cluster what they meant when it was noted. */
  boolean isOf(ClusterState now) {
    // Those of an earlier version have no timeline.
    return cluster.equals(now.cluster()) && (timeline.isEmpty() || timeline.equals(now.timeline()));
  }

  String reached() {
    return reached;
  }

  List<String> key() {
    return key;
  }

  String snapshot() {
    return snapshot;
  }

  /** Mode SLOT: since when the table is published; the empty text where nobody has noted it. */
  String publication() {
    return publication;
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws io.github.kurrentlake.error.KurrentlakeException KL-627 for the offset of another
   *     source
   */
  static Position parse(String json) {
    try {
      var node = JSON.readTree(json);
      var mode = LakebaseOption.MODE.parser().apply(node.path("mode").asText());
      return new Position(
          mode,
          node.path("system_identifier").asText(),
          node.path("timeline").asText(),
          node.path(field(mode)).asText(),
          StreamSupport.stream(node.path("key").spliterator(), false)
              .map(JsonNode::asText)
              .toList(),
          node.path("snapshot").asText(),
          node.path("publication").asText());
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw ErrorCode.LAKEBASE_OTHER_STREAM.error().with("offset", json).causedBy(e);
    }
  }

  @Override
  public String json() {
    var node = JSON.createObjectNode().put("mode", mode.name()).put("system_identifier", cluster);
    if (!timeline.isEmpty()) {
      node.put("timeline", timeline);
    }
    if (!isStart()) {
      node.put(field(mode), reached);
    }
    if (!key.isEmpty()) {
      key.forEach(node.putArray("key")::add);
    }
    if (!snapshot.isEmpty()) {
      node.put("snapshot", snapshot);
    }
    if (!publication.isEmpty()) {
      node.put("publication", publication);
    }
    return node.toString();
  }

  private static String field(ReadMode mode) {
    return switch (mode) {
      case XMIN, XID8 -> "xid";
      case MONOTONIC -> "cursor";
      case SLOT -> "lsn";
    };
  }

  @Override
  public String toString() {
    return json();
  }
}
