package ai.tatbot.state.model;

import java.util.function.Function;
import tools.jackson.core.JsonParser;

/**
 * How a generated class is read from JSON.
 *
 * @param javaClass the class
 * @param reader reads one object; the parser stands on its first token, and is left on its last
 */
public record JsonType<T extends JsonWritable>(Class<T> javaClass, Function<JsonParser, T> reader) {}
