package ai.tatbot.state.server.languages;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Valid documents, any that the schema allows; the same ones from the same seed. */
final class RandomDocuments {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final long WIDEST = 9_007_199_254_740_991L;

    /** What has led programs astray: quotes, escapes, line ends of other alphabets, what needs two of Java's chars. */
    private static final List<String> PIECES = List.of(
            "a",
            "Z",
            "7",
            " ",
            "_",
            "-",
            ".",
            "/",
            "\\",
            "\"",
            "'",
            "\n",
            "\t",
            "\u0001",
            "\u007f",
            "\u00e9",
            "\u2028",
            "\u4e16",
            "\ud83e\udd16",
            "<b>",
            "${x}",
            "%s",
            "\u202e",
            "null");

    /** Where a number may be any. */
    private static final double[] EXTREMES = {
        1e300, -1e300, -0.0, 1e-300, Double.MAX_VALUE, 1e21, 123_456_789_012_345_680.0
    };

    private final Random random;

    RandomDocuments(long seed) {
        this.random = new Random(seed);
    }

    ObjectNode next(Fields fields) {
        ObjectNode document = NODES.objectNode();
        fields.schemas().forEach((name, schema) -> {
            if (fields.required().contains(name) || random.nextInt(4) > 0) {
                document.set(name, value(schema));
            }
        });
        // A newer node's, of which this one knows nothing.
        while (random.nextInt(8) == 0) {
            document.set("x_newer_" + random.nextInt(10), unknown(2));
        }
        return document;
    }

    private JsonNode value(JsonNode schema) {
        if (schema.has("const")) {
            return schema.path("const");
        }
        JsonNode types = schema.path("type");
        boolean isNullable = types.isArray()
                && types.valueStream().anyMatch(one -> one.asString().equals("null"));
        if (isNullable && random.nextInt(5) == 0) {
            return NODES.nullNode();
        }
        if (schema.has("enum")) {
            List<JsonNode> values = schema.path("enum")
                    .valueStream()
                    .filter(one -> !one.isNull())
                    .toList();
            return values.get(random.nextInt(values.size()));
        }
        String type = types.isString()
                ? types.asString()
                : types.valueStream()
                        .map(JsonNode::asString)
                        .filter(one -> !one.equals("null"))
                        .findFirst()
                        .orElseThrow();
        return switch (type) {
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "integer" -> NODES.numberNode(integer(schema));
            case "number" -> NODES.numberNode(number(schema));
            case "string" -> NODES.stringNode(text(schema));
            case "array" -> array(schema);
            case "object" -> object(2);
            default -> throw new IllegalStateException("no values of type " + type);
        };
    }

    private long integer(JsonNode schema) {
        long least = schema.has("minimum") ? schema.path("minimum").asLong() : -WIDEST;
        long most = schema.has("maximum") ? schema.path("maximum").asLong() : WIDEST;
        return switch (random.nextInt(4)) {
            case 0 -> least;
            case 1 -> most;
            default -> least + (long) (random.nextDouble() * ((double) most - least));
        };
    }

    private double number(JsonNode schema) {
        boolean isFree = !schema.has("minimum") && !schema.has("maximum");
        if (isFree && random.nextInt(8) == 0) {
            return EXTREMES[random.nextInt(EXTREMES.length)];
        }
        double least = schema.has("minimum") ? schema.path("minimum").asDouble() : -1e9;
        double most = schema.has("maximum") ? schema.path("maximum").asDouble() : 1e9;
        return switch (random.nextInt(6)) {
            case 0 -> least;
            case 1 -> most;
            case 2 -> Math.max(least, Double.MIN_VALUE);
            // An integer, which some languages write as one.
            case 3 -> Math.floor(least + random.nextDouble() * (most - least) * 0.5 + (least < 0 ? 1 : 0));
            default -> least + random.nextDouble() * (most - least);
        };
    }

    private String text(JsonNode schema) {
        if (schema.path("format").asString("").equals("utc-time")) {
            return time();
        }
        if (schema.has("pattern")) {
            String pattern = schema.path("pattern").asString();
            if (pattern.startsWith("^[A-Za-z0-9][A-Za-z0-9_.-]{0,")) {
                return identifier(Integer.parseInt(pattern.replaceAll(".*\\{0,([0-9]+)\\}.*", "$1")));
            }
            if (pattern.startsWith("^[0-9]{1")) {
                return random.nextLong(1, WIDEST) + "-" + random.nextInt(1_000);
            }
            throw new IllegalStateException("no values for the pattern " + pattern);
        }
        int least = schema.path("minLength").asInt(0);
        int most = schema.path("maxLength").asInt(64);
        int length = random.nextInt(20) == 0 ? most : random.nextInt(least, Math.min(most, 64) + 1);
        StringBuilder text = new StringBuilder();
        while (text.codePointCount(0, text.length()) < length) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.substring(0, text.offsetByCodePoints(0, length));
    }

    /** As the fleet's nodes write them: in UTC with or without saying so, or in the time of some zone; with or without a fraction. */
    private String time() {
        LocalDateTime time = LocalDateTime.ofEpochSecond(
                random.nextLong(0, 4_000_000_000L),
                random.nextBoolean() ? 0 : random.nextInt(1_000_000) * 1_000,
                ZoneOffset.UTC);
        String text = DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
        return switch (random.nextInt(4)) {
            case 0 -> text;
            case 1 -> text + (random.nextBoolean() ? "+00:00" : "-00:00");
            case 2 ->
                text
                        + String.format(
                                Locale.ROOT,
                                "%s%02d:%02d",
                                random.nextBoolean() ? "+" : "-",
                                random.nextInt(18),
                                15 * random.nextInt(4));
            default -> text + "Z";
        };
    }

    private String identifier(int more) {
        String others = "abcXYZ019_.-";
        StringBuilder id = new StringBuilder("n");
        for (int left = random.nextInt(more + 1); left > 0; left--) {
            id.append(others.charAt(random.nextInt(others.length())));
        }
        return id.toString();
    }

    private ArrayNode array(JsonNode schema) {
        ArrayNode values = NODES.arrayNode();
        int most = schema.path("maxItems").asInt(8);
        int length = random.nextInt(10) == 0
                ? most
                : random.nextInt(schema.path("minItems").asInt(0), Math.min(most, 12) + 1);
        for (int i = 0; i < length; i++) {
            values.add(value(schema.path("items")));
        }
        return values;
    }

    private ObjectNode object(int depth) {
        ObjectNode object = NODES.objectNode();
        for (int left = random.nextInt(4); left > 0; left--) {
            String name = "k" + random.nextInt(100);
            object.set(name, unknown(depth));
        }
        return object;
    }

    private JsonNode unknown(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> NODES.booleanNode(random.nextBoolean());
            case 1 -> NODES.numberNode(random.nextInt());
            case 2 -> NODES.numberNode(BigDecimal.valueOf(random.nextInt(), 3).doubleValue());
            case 3 -> NODES.numberNode(EXTREMES[random.nextInt(EXTREMES.length)]);
            case 4 -> NODES.stringNode(text(NODES.objectNode()));
            case 5 -> object(depth - 1);
            default -> NODES.arrayNode().add(1).add("two").addNull();
        };
    }
}
