package ai.tatbot.state.server.operation;

import ai.tatbot.state.client.KeyContents;
import ai.tatbot.state.client.Mirrored;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.JsonType;
import ai.tatbot.state.model.Key;
import ai.tatbot.state.model.KeyKind;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.Versioned;
import ai.tatbot.state.model.WireTime;
import ai.tatbot.state.server.live.LiveFleet;
import ai.tatbot.state.server.operation.OperationException.Code;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is stored. Reads that know their key ask Redis, if it is there: it knows times to live; the mirror answers for all else. */
final class Reads {
    static final int MOST_ITEMS = 1_000;
    private static final int MOST_ENTRIES = 100;

    private final LiveFleet fleet;
    private final KeyNames names;

    Reads(LiveFleet fleet, KeyNames names) {
        this.fleet = fleet;
        this.names = names;
    }

    StateReading get(String name) {
        Optional<Key<?>> key = names.find(name);
        if (key.isEmpty()) {
            return missing(name, KeyNames.kindOf(name));
        }
        return read(key.get());
    }

    StateReading read(Key<?> key) {
        if (!fleet.link().isLive() && key.kind().documentField().isPresent()) {
            return remembered(documentKey(key));
        }
        return Failures.told(() -> fleet.call(state -> state.contents(key, MOST_ENTRIES)))
                .map(this::reading)
                .orElseGet(() -> missing(key.name(), key.kind()));
    }

    private StateReading missing(String name, KeyKind<?> kind) {
        return new StateReading(
                name, kind.name(), null, null, null, null, !fleet.link().isLive(), Instant.now());
    }

    private StateReading reading(KeyContents contents) {
        Key<?> key = contents.key();
        String field = key.kind().documentField().orElse(null);
        if (field == null) {
            return new StateReading(
                    key.name(),
                    key.kind().name(),
                    new StoredValue(contents),
                    null,
                    null,
                    contents.timeToLive(),
                    false,
                    Instant.now());
        }
        byte[] json = contents.fields().get(field);
        if (json == null) {
            throw new OperationException(
                    Code.INVALID_VALUE, key + " has no field " + field + ", which should hold the document");
        }
        try {
            JsonType<? extends Document> type = key.kind().documentType().orElseThrow();
            Document document = StateJson.read(json, type);
            return new StateReading(
                    key.name(),
                    key.kind().name(),
                    document,
                    revision(contents),
                    updatedAt(contents, document),
                    contents.timeToLive(),
                    false,
                    Instant.now());
        } catch (InvalidValueException e) {
            throw new OperationException(
                    Code.INVALID_VALUE, "what is stored under " + key + " does not fit its schema: " + e.getMessage());
        }
    }

    /** What is no number of ours someone wrote by hand; the client takes it for none, too. */
    private static @Nullable Long revision(KeyContents contents) {
        byte[] rev = contents.fields().get("rev");
        try {
            return rev == null ? null : Long.valueOf(new String(rev, StandardCharsets.UTF_8));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Instant updatedAt(KeyContents contents, Document document) {
        byte[] time = contents.fields().get("last_updated");
        try {
            return time == null ? document.timestamp() : WireTime.parse(new String(time, StandardCharsets.UTF_8));
        } catch (InvalidValueException e) {
            return document.timestamp();
        }
    }

    /** @throws OperationException UNAVAILABLE before there was a first snapshot */
    private void requireKnown() {
        if (fleet.link().asOf() == null) {
            throw new OperationException(
                    Code.UNAVAILABLE, "nothing is known yet: Redis has not answered since the server began");
        }
    }

    private StateReading remembered(Key<? extends Document> key) {
        requireKnown();
        return fleet.mirror()
                .get(key)
                .map(known -> known(known.versioned()))
                .orElseGet(() -> missing(key.name(), key.kind()));
    }

    private StateReading known(Versioned<? extends Document> document) {
        return new StateReading(
                document.key().name(),
                document.key().kind().name(),
                document.value(),
                document.rev(),
                document.lastUpdated(),
                null,
                !fleet.link().isLive(),
                Instant.now());
    }

    StatePage list(@Nullable String kind, int limit, @Nullable String cursor) {
        if (limit < 1 || limit > MOST_ITEMS) {
            throw new OperationException(
                    Code.INVALID_ARGUMENT, "limit " + limit + " is out of range; allowed are 1 to " + MOST_ITEMS);
        }
        requireKnown();
        List<KeyKind<? extends Document>> kinds =
                kind == null ? KeyNames.documentKinds() : List.of(KeyNames.documentKind(kind));
        String after = cursor == null ? "" : decode(cursor);
        List<Versioned<? extends Document>> found = new ArrayList<>();
        for (KeyKind<? extends Document> each : kinds) {
            for (Mirrored<? extends Document> document : fleet.mirror().all(each)) {
                if (document.key().name().compareTo(after) > 0) {
                    found.add(document.versioned());
                }
            }
        }
        found.sort(Comparator.comparing(document -> document.key().name()));
        List<StateReading> items = found.stream().limit(limit).map(this::known).toList();
        return new StatePage(
                items, found.size() > limit ? encode(items.get(items.size() - 1).key()) : null);
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String cursor) {
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new OperationException(
                    Code.INVALID_ARGUMENT,
                    "cursor is none; allowed is next_cursor of the page before, as it was given");
        }
    }

    /** The document as the feed has it. */
    StateReading of(Key<? extends Document> key, @Nullable StateChange<?> change) {
        Versioned<? extends Document> value = change == null ? null : change.value();
        return value == null ? missing(key.name(), key.kind()) : known(value);
    }

    /** @throws OperationException INVALID_KEY if it holds no document */
    @SuppressWarnings("unchecked") // a kind with a document field is a kind of documents
    static Key<? extends Document> documentKey(Key<?> key) {
        if (key.kind().documentField().isEmpty()) {
            throw new OperationException(
                    Code.INVALID_KEY,
                    key + " holds no document; allowed are "
                            + String.join(
                                    ", ",
                                    KeyNames.documentKinds().stream()
                                            .map(KeyKind::template)
                                            .toList()));
        }
        return (Key<? extends Document>) key;
    }

    SessionHistory history(String sessionId, int limit) {
        if (limit < 1 || limit > 10_000) {
            throw new OperationException(
                    Code.INVALID_ARGUMENT, "limit " + limit + " is out of range; allowed are 1 to 10000");
        }
        try {
            return new SessionHistory(
                    sessionId, Failures.told(() -> fleet.call(state -> state.strokeHistory(sessionId, limit))));
        } catch (InvalidValueException e) {
            throw new OperationException(Code.INVALID_KEY, "session_id is none; " + e.getMessage());
        }
    }

    LogPage log(int limit) {
        if (limit < 1 || limit > MOST_ITEMS) {
            throw new OperationException(
                    Code.INVALID_ARGUMENT, "limit " + limit + " is out of range; allowed are 1 to " + MOST_ITEMS);
        }
        return new LogPage(Failures.told(() -> fleet.call(state -> state.contents(Keys.eventsLog(), limit)))
                .map(KeyContents::entries)
                .orElse(List.of()));
    }
}
