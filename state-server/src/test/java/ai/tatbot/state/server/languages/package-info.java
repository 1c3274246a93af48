/** Java, Python and TypeScript on one Redis: they write, read, watch, accept and refuse the same. */
@NullMarked
package ai.tatbot.state.server.languages;

import org.jspecify.annotations.NullMarked;
