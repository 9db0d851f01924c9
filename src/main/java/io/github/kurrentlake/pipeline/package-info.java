/**
 * Pipelines that are declared in a folder, without Java: {@code pipeline.yaml} and SQL beside it.
 * Here it is read and checked; what it gives is what the builders of silver and gold give, and the
 * layers run it. The loans are such a folder in the jar.
 */
package io.github.kurrentlake.pipeline;
