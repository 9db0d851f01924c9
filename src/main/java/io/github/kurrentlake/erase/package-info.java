/**
 * A stream that has to be forgotten: its rows leave every table, it is kept out from then on, and
 * the files that held it are removed. The launcher and notebooks call it with a domain's lifecycle;
 * it uses the layers' declarations, and no layer knows it but by Bronze's list of erased streams.
 */
package io.github.kurrentlake.erase;
