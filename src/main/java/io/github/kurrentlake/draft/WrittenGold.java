package io.github.kurrentlake.draft;

import io.github.kurrentlake.gold.GoldTable;
import io.github.kurrentlake.table.Column;
import io.github.kurrentlake.table.TableDeclaration;
import java.util.Locale;
import java.util.stream.Collectors;

/** A derived Gold table written out, for those who want to change its query. */
public final class WrittenGold {
  private WrittenGold() {}

  /** The name of the file with the query. */
  public static String file(GoldTable gold) {
    return gold.table().name() + ".sql";
  }

  /** The keys that a table's entry in {@code gold} gets by it. */
  public static String yaml(GoldTable gold) {
    return """
            sql: %s
            statistics: [%s]
            columns:
        %s
        """
        .formatted(
            file(gold),
            gold.table().properties().get(TableDeclaration.STATISTICS).replace(",", ", "),
            gold.table().columns().stream()
                .map(WrittenGold::yaml)
                .collect(Collectors.joining("\n")));
  }

  private static String yaml(Column column) {
    var text = new StringBuilder("      - name: ").append(column.name());
    text.append("\n        type: ").append(type(column.type()));
    if (!column.nullable()) {
      text.append("\n        required: true");
    }
    if (column.isPersonal()) {
      text.append("\n        personal: true");
    }
    if (!column.comment().isEmpty()) {
      text.append("\n        comment: ").append(DraftFiles.quoted(column.comment()));
    }
    return text.toString();
  }

  /** As a pipeline names it. */
  private static String type(String sql) {
    return sql.toLowerCase(Locale.ROOT).replace("string", "text");
  }
}
