/**
 * How an event's payload becomes values: what a projection's fields are, what is read of the JSON,
 * and what is said of a payload or a value that does not fit. Plain Java without Spark; the Silver
 * layer calls it for every event.
 */
package io.github.kurrentlake.payload;
