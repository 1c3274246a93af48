package ai.tatbot.state.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The encoder and the fast reader beside the generator and the careful reader, which they stand in for: over random documents and
 * events of every class, and over what is left of them when bytes are changed.
 */
class FastCodecTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int ROUNDS = 400;

    private static final List<String> TEXTS = List.of(
            "",
            "true_blue",
            "h\u00f6her",
            "\u6f22\u5b57",
            "\ud83c\udfa8 ink",
            "\"\\/\b\f\n\r\t\u0001\u001f\u007f",
            "a,b]}",
            "\ufffd",
            "{\"x\":1}",
            "null");

    private static final List<Double> NUMBERS = List.of(
            0.0,
            -0.0,
            1.0,
            -1.38,
            0.44,
            1e-3,
            1e-6,
            -1e-6,
            1e-7,
            123456.789012,
            0.1 + 0.2,
            Math.PI,
            -Math.E,
            1e8,
            1e9,
            999_999_999.5,
            1e15,
            9007199254740994.0,
            1e22,
            Double.parseDouble("1e23"),
            2e-3,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            Double.MIN_NORMAL,
            100.0,
            100.0 / 3);

    static Stream<ModelClass> classes() {
        return ModelClass.all().stream();
    }

    @ParameterizedTest
    @MethodSource("classes")
    void encoderAndFastReaderAgreeWithTheOthers(ModelClass model) {
        Random random = new Random(model.toString().hashCode());
        int scanned = 0;
        for (int round = 0; round < ROUNDS; round++) {
            JsonWritable value;
            try {
                value = StateJson.readWithCare(
                        SchemaFiles.MAPPER.writeValueAsBytes(random(model, random)), model.json());
            } catch (InvalidValueException e) {
                continue;
            }
            byte[] json = StateJson.write(value);
            assertTrue(value instanceof Encodable);
            assertEquals(
                    SchemaFiles.MAPPER.readTree(StateJson.writeByGenerator(value)),
                    SchemaFiles.MAPPER.readTree(json),
                    () -> text(json));
            assertEquals(value, StateJson.readWithCare(json, model.json()), () -> text(json));
            JsonWritable fast = StateJson.scan(json, model.json());
            if (fast != null) {
                scanned++;
                assertEquals(value, fast, () -> text(json));
            }
            for (int i = 0; i < 20; i++) {
                requireAgreement(changed(json, random), model);
            }
        }
        boolean open = model.fields().stream().anyMatch(field -> field.type().equals("object"));
        assertTrue(open || scanned > ROUNDS / 20, model + ": the fast reader took " + scanned);
    }

    @ParameterizedTest
    @MethodSource("classes")
    void whatPlainWritersWriteIsReadFast(ModelClass model) {
        if (model.fields().stream().anyMatch(field -> field.type().equals("object"))) {
            return;
        }
        byte[] compact = SchemaFiles.MAPPER.writeValueAsBytes(model.whole());
        assertNotNull(StateJson.scan(compact, model.json()), () -> text(compact));
        byte[] spaced =
                text(compact).replace(",\"", ", \"").replace("\":", "\": ").getBytes(StandardCharsets.UTF_8);
        assertEquals(StateJson.scan(compact, model.json()), StateJson.scan(spaced, model.json()), () -> text(spaced));
        assertEquals(StateJson.readWithCare(compact, model.json()), StateJson.scan(compact, model.json()));
    }

    @Test
    void textsAreWrittenByteForByteAsTheGeneratorWritesThem() {
        for (String text : TEXTS) {
            StrokeProgress value = StrokeProgress.builder()
                    .nodeId("hog")
                    .strokeIdx(Integer.MAX_VALUE)
                    .strokeDescriptionL(text)
                    .build();
            assertArrayEquals(StateJson.writeByGenerator(value), StateJson.write(value), text);
        }
    }

    @Test
    void everyNumberComesBack() {
        Random random = new Random(7);
        List<Double> joints = new ArrayList<>(NUMBERS);
        for (int i = 0; i < 20_000; i++) {
            double bits = Double.longBitsToDouble(random.nextLong());
            joints.add(Double.isFinite(bits) ? bits : 0);
            joints.add(random.nextGaussian());
            joints.add(Math.rint(random.nextGaussian() * 1e4) / 1e4);
        }
        for (double number : joints) {
            RobotState state = RobotState.builder()
                    .nodeId("hog")
                    .goalTimeSlow(1)
                    .jointsL(List.of(number))
                    .build();
            byte[] json = StateJson.write(state);
            assertEquals(state, StateJson.readWithCare(json, RobotState.JSON), () -> text(json));
            assertEquals(state, StateJson.read(json, RobotState.JSON), () -> text(json));
        }
    }

    @Test
    void everyTimeComesBack() {
        Random random = new Random(11);
        Instant first = Instant.parse("0000-01-01T00:00:00Z");
        Instant last = Instant.parse("9999-12-31T23:59:59.999999Z");
        List<Instant> times = new ArrayList<>(List.of(first, last, Instant.EPOCH, Instant.EPOCH.minusMillis(1)));
        for (String day : List.of("2000-02-29", "1900-02-28", "2100-03-01", "0000-02-29", "2024-12-31", "1969-12-31")) {
            times.add(Instant.parse(day + "T23:59:59.999999Z"));
        }
        long seconds = last.getEpochSecond() - first.getEpochSecond();
        for (int i = 0; i < 20_000; i++) {
            times.add(first.plusSeconds((long) (random.nextDouble() * seconds))
                    .plusNanos(random.nextInt(1_000_000) * 1_000L));
        }
        for (Instant time : times) {
            String text = WireTime.format(time);
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            assertEquals(time, Instant.parse(text));
            assertEquals(time, WireTime.scan(bytes, 0, bytes.length), text);
            assertEquals(time, WireTime.scan(bytes, 0, bytes.length - 1), text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2025-02-29T00:00:00Z",
                "1900-02-29T00:00:00Z",
                "2025-04-31T00:00:00Z",
                "2025-00-01T00:00:00Z",
                "2025-13-01T00:00:00Z",
                "2025-01-00T00:00:00Z",
                "2025-01-01T24:00:00Z",
                "2025-01-01T00:60:00Z",
                "2025-01-01T00:00:60Z",
                "2025-01-01T00:00:00.Z",
                "2025-01-01T00:00:00.1234567Z",
                "2025-01-01 00:00:00Z",
                "2025-01-01T00:00:00+02:00",
                "2025-01-01T00:00:00z",
                "",
                "Z",
                "2025-01-01T00:00:0",
                "+025-01-01T00:00:00Z"
            })
    void timesOfAnotherFormAreLeftToTheCarefulReader(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertNull(WireTime.scan(bytes, 0, bytes.length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"node_id\":\"hog\",\"node_id\":\"ook\"}",
                "{\"node_id\":\"hog\"",
                "{\"node_id\":\"hog\"}}",
                "{\"node_id\":\"hog\",}",
                "{,\"node_id\":\"hog\"}",
                "{\"node_id\" \"hog\"}",
                "{\"node_id\":\"h\\u006fg\"}",
                "{\"node_id\":\"hog\",\"pose_idx\":01}",
                "{\"node_id\":\"hog\",\"pose_idx\":5.0}",
                "{\"node_id\":\"hog\",\"pose_idx\":9999999999999999999}",
                "{\"node_id\":\"hog\",\"pose_idx\":1e1}",
                "{\"node_id\":\"hog\",\"ink\":1}",
                "{\"node_id\":\"hog\",\"is_paused\":truee}",
                "[]",
                "",
                "null",
                "{\"node_id\":nul}",
                "\ufeff{\"node_id\":\"hog\"}"
            })
    void whatIsUnusualIsLeftToTheCarefulReader(String json) {
        assertNull(StateJson.scan(json.getBytes(StandardCharsets.UTF_8), StrokeProgress.JSON), json);
    }

    private static void requireAgreement(byte[] json, ModelClass model) {
        JsonWritable fast;
        try {
            fast = StateJson.scan(json, model.json());
        } catch (InvalidValueException e) {
            InvalidValueException careful = assertThrows(
                    InvalidValueException.class, () -> StateJson.readWithCare(json, model.json()), () -> text(json));
            assertEquals(careful.getMessage(), e.getMessage(), () -> text(json));
            return;
        }
        if (fast != null) {
            JsonWritable read = StateJson.readWithCare(json, model.json());
            if (model.fields().stream().anyMatch(f -> f.name().equals("timestamp"))
                    && !text(json).contains("\"timestamp\"")) {
                return;
            }
            assertEquals(read, fast, () -> text(json));
        }
    }

    /** A byte or two changed, removed, put in or doubled. */
    private static byte[] changed(byte[] json, Random random) {
        String alphabet = "{}[]\",:\\0123456789.-+eEtfnul \u0000x\u00c3\u00a9";
        StringBuilder text = new StringBuilder(new String(json, StandardCharsets.ISO_8859_1));
        for (int i = random.nextInt(2); i >= 0; i--) {
            int at = random.nextInt(text.length());
            char c = alphabet.charAt(random.nextInt(alphabet.length()));
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, c);
                case 1 -> text.insert(at, c);
                case 2 -> text.deleteCharAt(at);
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static ObjectNode random(ModelClass model, Random random) {
        List<ModelClass.Field> fields = new ArrayList<>(model.fields());
        if (random.nextInt(4) == 0) {
            Collections.shuffle(fields, random);
        }
        ObjectNode object = NODES.objectNode();
        for (ModelClass.Field field : fields) {
            if (field.required() || field.isConstant() || field.name().equals("timestamp") || random.nextInt(4) > 0) {
                object.set(field.name(), random(field, random));
            } else if (field.takesNull() && random.nextInt(3) == 0) {
                object.putNull(field.name());
            }
        }
        if (random.nextInt(10) == 0) {
            object.put("unknown", random.nextInt());
        }
        return object;
    }

    private static JsonNode random(ModelClass.Field field, Random random) {
        if (field.isConstant() || field.schema().has("enum") || (field.schema().has("pattern") && !field.isTime())) {
            return field.sample();
        }
        if (field.isTime()) {
            return NODES.stringNode(
                    WireTime.format(Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000) * 1_000L)));
        }
        return switch (field.type()) {
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "integer" -> NODES.numberNode(random.nextInt(4) == 0 ? Integer.MAX_VALUE : random.nextInt(1_000) + 1);
            case "number" -> NODES.numberNode(random.nextInt(3) == 0 ? random.nextInt(100) : random.nextDouble() * 100);
            case "array" -> array(field, random);
            case "object" ->
                NODES.objectNode()
                        .put(TEXTS.get(random.nextInt(TEXTS.size())), 0.5)
                        .putNull("none");
            default -> NODES.stringNode(TEXTS.get(random.nextInt(TEXTS.size())));
        };
    }

    private static ArrayNode array(ModelClass.Field field, Random random) {
        boolean numbers = field.schema().path("items").path("type").asString().equals("number");
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(8); i > 0; i--) {
            if (numbers) {
                array.add(NUMBERS.get(random.nextInt(NUMBERS.size())));
            } else {
                array.add(TEXTS.get(random.nextInt(TEXTS.size())));
            }
        }
        return array;
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
