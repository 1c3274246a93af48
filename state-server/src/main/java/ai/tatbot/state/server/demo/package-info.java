/** The demo: a made-up robot that draws, and a viewer that follows it. */
@NullMarked
package ai.tatbot.state.server.demo;

import org.jspecify.annotations.NullMarked;
