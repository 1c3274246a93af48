/** How things are shown: on a terminal, in plain text, as JSON. */
@NullMarked
package ai.tatbot.state.server.show;

import org.jspecify.annotations.NullMarked;
