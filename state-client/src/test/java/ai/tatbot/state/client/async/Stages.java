package ai.tatbot.state.client.async;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** Waits for stages, as tests may. */
final class Stages {
    private Stages() {}

    /** What it comes to. */
    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the stage failed", e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("the stage did not complete", e);
        }
    }

    /** Why it fails, as it was given to the stage, not wrapped; null if it does not. */
    static @Nullable Throwable failure(CompletionStage<?> stage) {
        CompletableFuture<@Nullable Throwable> failure = new CompletableFuture<>();
        stage.whenComplete((value, thrown) -> failure.complete(thrown));
        return get(failure);
    }

    /** Why it fails. */
    static Reason reason(CompletionStage<?> stage) {
        Throwable failure = failure(stage);
        Assertions.assertThat(failure).isInstanceOf(StateException.class);
        return failure instanceof StateException e ? e.reason() : Reason.INTERNAL;
    }
}
