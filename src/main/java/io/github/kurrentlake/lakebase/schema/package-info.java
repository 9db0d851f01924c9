/**
 * What stands in a Postgres schema, as values instead of SQL texts: names, types, columns, indexes
 * and tables, as they are declared and as the catalog has them, and the migration that makes a
 * database hold what is declared. LakebaseClient and everybody who writes a statement for Postgres
 * call it; it uses the way to connect.
 */
package io.github.kurrentlake.lakebase.schema;
