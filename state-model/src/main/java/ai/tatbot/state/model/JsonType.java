package ai.tatbot.state.model;

import java.util.function.Function;
import tools.jackson.core.JsonParser;

/** How a generated class is read from JSON. Immutable. */
public final class JsonType<T extends JsonWritable> {
    private final Class<T> javaClass;
    private final Function<JsonParser, T> reader;
    private final Function<JsonScanner, T> scanner;

    /**
     * @param reader reads one object with care; the parser stands on its first token, and is left on its last
     * @param scanner reads one object fast, or declines
     */
    JsonType(Class<T> javaClass, Function<JsonParser, T> reader, Function<JsonScanner, T> scanner) {
        this.javaClass = javaClass;
        this.reader = reader;
        this.scanner = scanner;
    }

    /** The class. */
    public Class<T> javaClass() {
        return javaClass;
    }

    Function<JsonParser, T> reader() {
        return reader;
    }

    Function<JsonScanner, T> scanner() {
        return scanner;
    }

    @Override
    public String toString() {
        return javaClass.getSimpleName();
    }
}
