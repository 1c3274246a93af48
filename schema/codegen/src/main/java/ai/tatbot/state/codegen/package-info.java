/**
 * Build time only: generates the sources of {@code state-model} from the schema folder.
 *
 * <p>{@link ai.tatbot.state.codegen.SchemaFolder} reads the files and flattens them, jsonschema2pojo turns models and
 * events into classes by {@link ai.tatbot.state.codegen.ImmutableObjectRule}, and the key and channel files become {@code
 * Keys} and {@code Channels}.
 */
@NullMarked
package ai.tatbot.state.codegen;

import org.jspecify.annotations.NullMarked;
