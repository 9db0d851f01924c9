/**
 * How far each layer is behind KurrentDB, how its last run ended, and what waits in quarantine. It
 * may use the layers and the source, and writes nothing.
 */
package io.github.kurrentlake.status;
