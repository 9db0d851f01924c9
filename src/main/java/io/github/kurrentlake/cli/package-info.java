/**
 * The launcher's sub-commands, for a laptop: they start the embedded KurrentDB, run the workflow,
 * and show what came of it. Nobody calls this room but {@code jobs/kurrentlake}, and it is not in
 * the deployed jar. It may use every other room.
 */
package io.github.kurrentlake.cli;
