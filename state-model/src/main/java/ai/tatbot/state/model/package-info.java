/**
 * What the nodes of a tattooing robot share: documents, events, keys and channels.
 *
 * <p>The documents and events, {@link ai.tatbot.state.model.Keys} and {@link ai.tatbot.state.model.Channels} are generated
 * from the JSON Schemas at build time. Everything here is immutable and does no I/O.
 */
@NullMarked
package ai.tatbot.state.model;

import org.jspecify.annotations.NullMarked;
