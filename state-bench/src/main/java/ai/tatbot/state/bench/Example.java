package ai.tatbot.state.bench;

import ai.tatbot.state.client.StrokeSession;
import ai.tatbot.state.model.Keys;
import ai.tatbot.state.model.StrokeProgress;
import java.nio.charset.StandardCharsets;

/** A stroke session of ordinary size, and where Redis has its document. */
final class Example {
    static final int STROKES = 100;
    static final int POSES = 108;

    private Example() {}

    static StrokeProgress.Builder session() {
        return StrokeProgress.builder()
                .totalStrokes(STROKES)
                .strokeLength(POSES)
                .sceneName("tatbotlogo")
                .strokeDescriptionL("left arm, liner, black: path 17 of the outline")
                .strokeDescriptionR("right arm: dipping into the ink cap")
                .offsetIdxL(16)
                .offsetIdxR(16);
    }

    static byte[] key(StrokeSession session) {
        return bytes(Keys.strokeProgress(session.id()).name());
    }

    static byte[] field() {
        return bytes(Keys.STROKE_PROGRESS.documentField().orElseThrow());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
