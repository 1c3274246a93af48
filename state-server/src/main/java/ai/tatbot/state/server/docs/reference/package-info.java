/** Pages that are made of the schema, the environment's template and the comments of the program. */
@NullMarked
package ai.tatbot.state.server.docs.reference;

import org.jspecify.annotations.NullMarked;
