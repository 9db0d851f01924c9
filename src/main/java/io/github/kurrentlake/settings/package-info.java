/**
 * Typed settings and secrets: a setting is declared once with name, environment variable, default
 * and description, and everything else (parsing, checks, help) follows from that. Called by whoever
 * reads a command line or an environment; uses only the error catalogue, and the Databricks SDK for
 * secrets that are kept there.
 */
package io.github.kurrentlake.settings;
