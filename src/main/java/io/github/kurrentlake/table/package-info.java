/**
 * Delta tables as declarations: columns, keys and layout once, from which the DDL for Databricks
 * and for open-source Delta follows, and the lakehouse that says where a table lies. The layers
 * call it; it uses errors only and knows no table's content.
 */
package io.github.kurrentlake.table;
