/**
 * The Bronze layer: every event of a category once, as KurrentDB gave it, and the high-water mark
 * up to which it was read. The domain's main class calls it with its category; it uses tables and
 * the KurrentDB source.
 */
package io.github.kurrentlake.bronze;
