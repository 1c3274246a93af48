package ai.tatbot.state.server.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The known vulnerabilities, from the file that comes with this program and says where it has each from. Immutable. */
final class Vulnerabilities {
    private final String asOf;
    private final List<Vulnerability> all;
    private final Map<String, List<String>> distributed = new HashMap<>();

    private Vulnerabilities(JsonNode file) {
        this.asOf = file.path("as_of").asString();
        List<Vulnerability> read = new ArrayList<>();
        file.path("vulnerabilities").forEach(one -> read.add(read(one)));
        this.all = List.copyOf(read);
        for (String kind : List.of("redis", "valkey")) {
            distributed.put(kind, texts(file.path("distributions").path(kind)));
        }
    }

    /** Those that come with this program. */
    static Vulnerabilities packaged() {
        try (InputStream in = Vulnerabilities.class.getResourceAsStream("vulnerabilities.json")) {
            if (in == null) {
                throw new IllegalStateException("vulnerabilities.json is missing");
            }
            return new Vulnerabilities(new JsonMapper().readTree(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Vulnerability read(JsonNode one) {
        Map<String, Map<String, Optional<Version>>> fixed = new HashMap<>();
        for (String kind : List.of("redis", "valkey")) {
            Map<String, Optional<Version>> series = new HashMap<>();
            one.path(kind)
                    .propertyStream()
                    .forEach(entry -> series.put(
                            entry.getKey(),
                            entry.getValue().isNull()
                                    ? Optional.empty()
                                    : Optional.of(Version.parse(entry.getValue().asString()))));
            fixed.put(kind, series);
        }
        Map<String, DebianVersion> debian = new HashMap<>();
        one.path("debian")
                .propertyStream()
                .forEach(entry -> debian.put(
                        entry.getKey(), new DebianVersion(entry.getValue().asString())));
        return new Vulnerability(
                texts(one.path("ids")),
                one.path("what").asString(),
                one.path("needs_login").asBoolean(),
                one.path("only_with_tls").asBoolean(false),
                one.has("since") ? Version.parse(one.path("since").asString()) : null,
                fixed,
                debian);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(one -> texts.add(one.asString()));
        return List.copyOf(texts);
    }

    /** The day up to which it knows. */
    String asOf() {
        return asOf;
    }

    List<Vulnerability> all() {
        return all;
    }

    /** Whether a distribution ships this version, and mends it without changing the number. */
    boolean isDistributed(Product product) {
        return distributed
                .getOrDefault(product.kind(), List.of())
                .contains(product.version().toString());
    }
}
