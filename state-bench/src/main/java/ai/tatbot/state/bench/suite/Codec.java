package ai.tatbot.state.bench.suite;

import ai.tatbot.state.bench.peers.Batch;
import ai.tatbot.state.model.StateJson;
import ai.tatbot.state.model.StrokeProgress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;

/** A document to bytes and back, and the same by hand with nothing but Jackson's streams, unchecked: the yardstick. */
public final class Codec {
    /** Name of ours. */
    public static final String ENCODE = "StateJson.write";
    /** Its yardstick. */
    public static final String ENCODE_BY_HAND = "written by hand";
    /** Name of ours. */
    public static final String DECODE = "StateJson.read";
    /** Its yardstick. */
    public static final String DECODE_BY_HAND = "read by hand";

    private static final int SIZE = 200;
    /** As long as every other; formatting it is ours to be fast at, and must not move the yardstick. */
    private static final String TIME = "2025-08-18T20:09:37.123456Z";

    private static final JsonFactory JSON = JsonFactory.builder().build();

    private Codec() {}

    /** Object to bytes. */
    public static Batch.Loop encode(StrokeProgress progress) {
        return calls -> {
            long sum = 0;
            for (int i = 0; i < calls; i++) {
                sum += StateJson.write(progress).length;
            }
            return sum;
        };
    }

    /** Bytes to object, checked against the schema. */
    public static Batch.Loop decode(byte[] json) {
        return calls -> {
            long sum = 0;
            for (int i = 0; i < calls; i++) {
                sum += StateJson.read(json, StrokeProgress.JSON).poseIdx();
            }
            return sum;
        };
    }

    /** The same bytes, field by field. */
    public static Batch.Loop encodeByHand(StrokeProgress progress) {
        return calls -> {
            long sum = 0;
            for (int i = 0; i < calls; i++) {
                sum += write(progress).length;
            }
            return sum;
        };
    }

    /** Every token looked at, and the values taken. */
    public static Batch.Loop decodeByHand(byte[] json) {
        return calls -> {
            long sum = 0;
            for (int i = 0; i < calls; i++) {
                sum += read(json);
            }
            return sum;
        };
    }

    /** A batch of these. */
    public static Batch batch(String name, Batch.Loop loop) {
        return new Batch(name, SIZE, loop);
    }

    private static byte[] write(StrokeProgress of) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(512)) {
            try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes, JsonEncoding.UTF8)) {
                out.writeStartObject();
                out.writeStringProperty("timestamp", TIME);
                out.writeStringProperty("node_id", of.nodeId());
                out.writeNumberProperty("stroke_idx", of.strokeIdx());
                out.writeNumberProperty("pose_idx", of.poseIdx());
                out.writeNumberProperty("total_strokes", of.totalStrokes());
                out.writeNumberProperty("stroke_length", of.strokeLength());
                out.writeStringProperty("stroke_description_l", of.strokeDescriptionL());
                out.writeStringProperty("stroke_description_r", of.strokeDescriptionR());
                out.writeNumberProperty("offset_idx_l", of.offsetIdxL());
                out.writeNumberProperty("offset_idx_r", of.offsetIdxR());
                out.writeBooleanProperty("is_executing", of.isExecuting());
                out.writeBooleanProperty("is_paused", of.isPaused());
                out.writeStringProperty("scene_name", of.sceneName());
                out.writeEndObject();
            }
            return bytes.toByteArray();
        }
    }

    private static long read(byte[] json) {
        long sum = 0;
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
            in.nextToken();
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = in.currentName();
                JsonToken value = in.nextToken();
                if (value == JsonToken.VALUE_STRING) {
                    String text = in.getString();
                    sum += name.equals("timestamp") ? Instant.parse(text).getEpochSecond() : text.length();
                } else if (value == JsonToken.VALUE_NUMBER_INT) {
                    sum += in.getIntValue();
                }
            }
        }
        return sum;
    }

    /** As text, to compare. */
    static String byHand(StrokeProgress progress) {
        return new String(write(progress), StandardCharsets.UTF_8);
    }
}
