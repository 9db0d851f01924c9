/**
 * Looks, before anything runs, at what would otherwise fail at night: each layer of the way to
 * KurrentDB and to the tables, in order. It writes nothing but a file that it removes again.
 */
package io.github.kurrentlake.doctor;
