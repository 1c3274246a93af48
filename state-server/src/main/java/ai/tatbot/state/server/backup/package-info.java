/** Backups: copies of every key in a file, and back. */
@NullMarked
package ai.tatbot.state.server.backup;

import org.jspecify.annotations.NullMarked;
