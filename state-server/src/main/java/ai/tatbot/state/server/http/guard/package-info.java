/** What stands before every route: it refuses what is malformed, foreign, unknown, too much or too slow. */
@NullMarked
package ai.tatbot.state.server.http.guard;

import org.jspecify.annotations.NullMarked;
