/**
 * Typed settings and secrets: a setting, or an option of a Spark source, is declared once with
 * name, default and how it is read, a setting also with environment variable and description, and
 * everything else (parsing, checks, help) follows from that. Called by anyone who reads a command
 * line, an environment or a source's options; uses only the error catalogue, and the Databricks SDK
 * for secrets that are kept there.
 */
package io.github.kurrentlake.settings;
