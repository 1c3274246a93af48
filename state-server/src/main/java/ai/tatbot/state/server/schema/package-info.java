/** The schema files that this program carries, for whatever shows or checks by them. */
@NullMarked
package ai.tatbot.state.server.schema;

import org.jspecify.annotations.NullMarked;
