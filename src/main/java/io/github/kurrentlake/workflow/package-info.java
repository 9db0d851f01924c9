/**
 * The workflow file as a model, and its graph run inside one JVM. The launcher calls it; it finds
 * main classes by their name only, so it uses jobs, settings and errors and knows no layer.
 */
package io.github.kurrentlake.workflow;
