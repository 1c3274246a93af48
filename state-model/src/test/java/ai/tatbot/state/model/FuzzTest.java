package ai.tatbot.state.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Valid examples, changed at random: either they still fit, or the one exception says why not. */
class FuzzTest {
    private static final int ROUNDS = 20_000;
    private static final long SEED = 20250818L;

    /** Pieces that are likely to hit something. */
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u",
            "\\ud800",
            "null",
            "true",
            "-",
            "0",
            "1e400",
            "1e-400",
            "-0.0",
            "9".repeat(30),
            ".",
            "e",
            "\0",
            "\n",
            "\u001b",
            "\u202e",
            "\ufeff",
            "é",
            "🖋",
            "NaN",
            "\"type\":",
            "\"node_id\":",
            "\"timestamp\":",
            "\"rev\":",
            "{\"a\":".repeat(40),
            "[".repeat(600));

    private final Random random = new Random(SEED);

    @Test
    void onlyTheOneExceptionOrSuccess() {
        List<ModelClass> models = ModelClass.all();
        List<byte[]> examples = ExamplesTest.validExamples()
                .map(name -> SchemaFiles.bytes("examples/" + name + ".json"))
                .toList();
        List<String> names = ExamplesTest.validExamples().toList();
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int chosen = random.nextInt(examples.size());
            byte[] json = examples.get(chosen);
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                json = mutated(json, examples);
            }
            String file = SchemaFiles.part(names.get(chosen), 1);
            ModelClass model = models.stream()
                    .filter(candidate -> candidate.file().equals(file))
                    .findFirst()
                    .orElseThrow();
            refused += isRefused(model, json, round) ? 1 : 0;
            isRefusedByChannel(json, round);
        }
        assertThat(refused).as("refused of " + ROUNDS).isBetween(ROUNDS / 2, ROUNDS - 100);
    }

    private static boolean isRefused(ModelClass model, byte[] json, int round) {
        try {
            JsonWritable value = model.read(json);
            // What was let in can be written, and is the same when it comes back.
            if (!model.read(StateJson.write(value)).equals(value)) {
                fail("comes back changed: " + describe(json, round));
            }
            return false;
        } catch (InvalidValueException e) {
            HostileInputTest.isShortAndSafe(e);
            return true;
        } catch (RuntimeException | StackOverflowError e) {
            return fail(describe(json, round), e);
        }
    }

    private static void isRefusedByChannel(byte[] json, int round) {
        for (ChannelKind<? extends Event> kind : Channels.all()) {
            try {
                kind.read(json);
            } catch (InvalidValueException e) {
                HostileInputTest.isShortAndSafe(e);
            } catch (RuntimeException | StackOverflowError e) {
                fail(describe(json, round), e);
            }
        }
    }

    private static String describe(byte[] json, int round) {
        return "seed " + SEED + ", round " + round + ": " + new String(json, StandardCharsets.ISO_8859_1);
    }

    private byte[] mutated(byte[] json, List<byte[]> examples) {
        int from = random.nextInt(json.length + 1);
        int to = Math.min(json.length, from + random.nextInt(12));
        return switch (random.nextInt(6)) {
            case 0 -> joined(json, from, new byte[] {(byte) random.nextInt(256)}, Math.min(json.length, from + 1));
            case 1 -> joined(json, from, new byte[0], to);
            case 2 -> joined(json, from, piece(), from);
            case 3 -> joined(json, from, piece(), to);
            case 4 -> joined(json, from, Arrays.copyOfRange(json, from, to), from);
            default -> {
                byte[] other = examples.get(random.nextInt(examples.size()));
                int start = random.nextInt(other.length);
                byte[] part = Arrays.copyOfRange(other, start, Math.min(other.length, start + random.nextInt(40)));
                yield joined(json, from, part, to);
            }
        };
    }

    private byte[] piece() {
        return PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] joined(byte[] json, int end, byte[] middle, int start) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(json, 0, end);
        out.writeBytes(middle);
        out.write(json, start, json.length - start);
        return out.toByteArray();
    }
}
