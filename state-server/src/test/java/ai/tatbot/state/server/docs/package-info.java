@NullMarked
package ai.tatbot.state.server.docs;

import org.jspecify.annotations.NullMarked;
