/**
 * The Silver layer: one typed table per projection, fed by the change data feed of Bronze. A domain
 * calls it with its declarations; it uses tables and Bronze's events, and knows no event type.
 */
package io.github.kurrentlake.silver;
