package ai.tatbot.state.server.http.reference;

import ai.tatbot.state.server.access.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One method of one path, as the document describes it. Built by chaining; not to be changed once it is in the table. */
final class Operation {
    static final String JSON = "application/json";

    final String method;
    final String path;
    final String id;
    final String tag;
    final List<Parameter> parameters = new ArrayList<>();
    final Map<Integer, Answer> answers = new TreeMap<>();
    final TreeSet<Integer> failures = new TreeSet<>();
    String summary = "";
    String description = "";

    /** What a caller needs; null if it is open to all. */
    @Nullable
    Scope scope = Scope.READ;

    /** Whether its errors are those of JSON-RPC, except for those of the guard. */
    boolean isRemoteCall;

    /** Component that describes the body; null if there is none. */
    @Nullable
    String body;

    /**
     * A parameter.
     *
     * @param place {@code path}, {@code query} or {@code header}
     * @param schema JSON Schema of its value
     * @param example a value; empty for none
     */
    record Parameter(String name, String place, boolean required, String description, String schema, String example) {}

    /**
     * What comes if all goes well.
     *
     * @param types media types that it may have; none for no content
     * @param component describes it; null for text
     */
    record Answer(
            String description,
            List<String> types,
            @Nullable String component) {}

    private Operation(String method, String path, String id, String tag) {
        this.method = method;
        this.path = path;
        this.id = id;
        this.tag = tag;
    }

    static Operation get(String path, String id, String tag) {
        return new Operation("get", path, id, tag);
    }

    static Operation of(String method, String path, String id, String tag) {
        return new Operation(method, path, id, tag);
    }

    /** {@code GET /path}, as routes are written elsewhere. */
    String route() {
        return method.toUpperCase(Locale.ROOT) + " " + path;
    }

    Operation says(String title, String text) {
        this.summary = title;
        this.description = text;
        return this;
    }

    Operation needs(@Nullable Scope needed) {
        this.scope = needed;
        return this;
    }

    Operation inPath(String name, String text, String schema, String example) {
        parameters.add(new Parameter(name, "path", true, text, schema, example));
        return this;
    }

    Operation inQuery(String name, String text, String schema, String example) {
        parameters.add(new Parameter(name, "query", false, text, schema, example));
        return this;
    }

    Operation inHeader(String name, String text, String schema) {
        parameters.add(new Parameter(name, "header", false, text, schema, ""));
        return this;
    }

    Operation takes(String component) {
        this.body = component;
        fails(400, 413, 415);
        return this;
    }

    Operation answers(String text, @Nullable String component) {
        return answers(200, text, JSON, component);
    }

    Operation answers(int status, String text, @Nullable String type, @Nullable String component) {
        answers.put(status, new Answer(text, type == null ? List.of() : List.of(type), component));
        return this;
    }

    /** What was said of 200 may have this media type, too. */
    Operation alsoAs(String type) {
        answers.computeIfPresent(
                200,
                (status, answer) -> new Answer(
                        answer.description,
                        Stream.concat(answer.types.stream(), Stream.of(type)).toList(),
                        answer.component));
        return this;
    }

    /** What may go wrong, besides what may always. */
    Operation fails(int... statuses) {
        for (int status : statuses) {
            failures.add(status);
        }
        return this;
    }

    Operation isRemoteCall() {
        this.isRemoteCall = true;
        return this;
    }

    /** It asks Redis. */
    Operation asksRedis() {
        return fails(503, 504);
    }
}
