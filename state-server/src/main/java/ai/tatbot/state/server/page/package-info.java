/** The page: its files, and which address each has. */
@NullMarked
package ai.tatbot.state.server.page;

import org.jspecify.annotations.NullMarked;
