/**
 * Tables made again beside the ones that are read, compared with them row by row, and switched in
 * one commit each. Called by a task, the launcher and notebooks; uses the layers' public methods on
 * a shadow of the lakehouse, so that the code that replays is the code that runs every hour.
 */
package io.github.kurrentlake.replay;
