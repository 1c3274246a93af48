/**
 * Build time only: what is made of the schema folder, and whether it may be what it is.
 *
 * <p>{@link ai.tatbot.state.codegen.SchemaFolder} reads the files and flattens them, jsonschema2pojo turns models and
 * events into classes by {@link ai.tatbot.state.codegen.ImmutableObjectRule}, and the key and channel files become {@code
 * Keys} and {@code Channels}: {@link ai.tatbot.state.codegen.GenerateModel}. {@link
 * ai.tatbot.state.codegen.GenerateTypeScript} and {@link ai.tatbot.state.codegen.DescribeSchema} write the same as text for
 * others. {@link ai.tatbot.state.codegen.CheckEvolution} compares it with the version that was published last.
 */
@NullMarked
package ai.tatbot.state.codegen;

import org.jspecify.annotations.NullMarked;
