package ai.tatbot.state.client;

import static org.assertj.core.api.Assertions.assertThat;

import ai.tatbot.state.client.Fleet.Write;
import ai.tatbot.state.client.faultkit.Eavesdropper.Heard;
import ai.tatbot.state.client.faultkit.RedisServer;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.Versioned;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.resps.StreamEntry;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is stored is published, and what is published is stored, by one and the same revision; on each Redis there is. */
class AtomicWriteIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<RedisServer> SERVERS = new ArrayList<>();

    @BeforeAll
    static void start() {
        RedisServer.programs().forEach(program -> SERVERS.add(RedisServer.start(program)));
    }

    @AfterAll
    static void stop() {
        SERVERS.forEach(RedisServer::close);
    }

    static Stream<Arguments> writes() {
        return SERVERS.stream()
                .flatMap(redis ->
                        Arrays.stream(Write.values()).map(write -> Arguments.of(redis.version(), write, redis)));
    }

    @ParameterizedTest(autoCloseArguments = false, name = "Redis {0}, {1}")
    @MethodSource("writes")
    void storesAndPublishesTogether(String version, Write write, RedisServer redis) {
        try (Fleet fleet = new Fleet(redis)) {
            Map<String, Versioned<?>> before = documents(fleet.hog);
            List<StreamEntry> logged = log(redis);

            write.run(fleet);

            List<Event> events = fleet.eavesdropper.soFar().stream()
                    .map(AtomicWriteIT::event)
                    .toList();
            assertThat(events.stream().map(Event::type)).as("published").containsExactlyElementsOf(types(write));
            Map<String, Versioned<?>> after = documents(fleet.hog);
            List<Versioned<?>> changed = after.values().stream()
                    .filter(now -> !now.equals(before.get(now.key().name())))
                    .toList();
            assertThat(changed).as("stored").hasSize(write == Write.EVENT || write == Write.POSITION_EVENT ? 0 : 1);
            for (Versioned<?> now : changed) {
                assertThat(events).allSatisfy(event -> {
                    assertThat(event.rev()).isEqualTo(now.rev());
                    assertSameValues(event, now.value());
                });
                Versioned<?> old = before.get(now.key().name());
                if (old != null) {
                    assertThat(now.rev()).isEqualTo(old.revision().orElseThrow() + 1);
                }
            }
            List<StreamEntry> added = log(redis).stream()
                    .filter(entry ->
                            logged.stream().noneMatch(known -> known.getID().equals(entry.getID())))
                    .toList();
            assertThat(added.stream().map(entry -> entry.getID().toString()))
                    .as("logged")
                    .containsExactlyElementsOf(events.stream()
                            .map(Event::eventId)
                            .filter(id -> id != null)
                            .toList());
            assertThat(added.stream().map(AtomicWriteIT::event)).containsExactlyElementsOf(withoutIds(events));
        }
    }

    /** Whatever an event has in common with the document, its time first of all, is the same. */
    private static void assertSameValues(Event event, Document document) {
        JsonNode told = JSON.readTree(StateJson.write(event));
        JsonNode stored = JSON.readTree(StateJson.write(document));
        List<String> common =
                told.propertyStream().map(Map.Entry::getKey).filter(stored::has).toList();
        assertThat(common).contains("timestamp", "node_id");
        assertThat(common).allSatisfy(name -> assertThat(told.get(name)).isEqualTo(stored.get(name)));
    }

    /** What each write publishes, in this order. */
    private static List<String> types(Write write) {
        return switch (write) {
            case POSITION, POSITION_RENEWING -> List.of("progress_update");
            case TRANSITION -> List.of("session_pause");
            case END -> List.of("session_end");
            case NEW_SESSION -> List.of("session_start");
            case ROBOT_STATE -> List.of("state_update");
            case ROBOT_STATE_AND_ARM -> List.of("state_update", "arm_disconnected");
            case NEW_ROBOT -> List.of("state_update", "arm_connected", "arm_connected");
            case HEARTBEAT, POSITION_EVENT -> List.of("health_update");
            case EVENT -> List.of("greeting");
        };
    }

    /** The logged form of these events: they carry no id of their own, for it is that of the entry. */
    private static List<String> withoutIds(List<Event> events) {
        return events.stream()
                .filter(event -> event.eventId() != null)
                .map(event -> StateJson.text(event)
                        .replaceFirst("\"event_id\":\"[0-9-]+\",?", "")
                        .replaceFirst("\"seq\":[0-9]+,?", ""))
                .toList();
    }

    private static String event(StreamEntry entry) {
        return StateJson.text(event(new Heard(field(entry, "channel"), field(entry, "event"))));
    }

    private static String field(StreamEntry entry, String name) {
        return Objects.requireNonNull(entry.getFields().get(name), name);
    }

    private static Event event(Heard heard) {
        return Channels.parse(heard.channel())
                .orElseThrow()
                .kind()
                .read(heard.message().getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Versioned<?>> documents(StateManager state) {
        return Stream.of(Keys.ROBOT_STATE, Keys.NODE_HEALTH, Keys.STROKE_PROGRESS)
                .flatMap(kind -> state.find(kind).values().stream())
                .collect(Collectors.toMap(value -> value.key().name(), value -> value));
    }

    private static List<StreamEntry> log(RedisServer redis) {
        try (Jedis jedis = redis.jedis()) {
            return jedis.xrange("events:log", "-", "+");
        }
    }
}
