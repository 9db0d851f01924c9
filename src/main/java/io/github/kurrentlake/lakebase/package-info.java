/**
 * LakebaseClient: rows in and out of a Lakebase, transactions, and tables that are declared and
 * made by migration, for applications, notebooks and the workflow's setup task. It uses the way to
 * connect and the schema's values, and knows neither KurrentDB nor a loan.
 */
package io.github.kurrentlake.lakebase;
