package ai.tatbot.state.server.live;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.SystemStatus.Condition;
import ai.tatbot.state.model.Document;
import ai.tatbot.state.model.Key;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that a follower of the fleet is told. Immutable. */
public sealed interface News {
    /** A document is another, or there is none any more. Of each document only the latest is kept. */
    record OfDocument(StateChange<? extends Document> change) implements News {
        /** Which document. */
        public Key<?> key() {
            return change.key();
        }
    }

    /**
     * A node's condition is another. Of each node only the latest is kept.
     *
     * @param condition null if nothing is known of the node any more
     */
    record OfNode(
            String nodeId,
            @Nullable Condition condition,
            @Nullable Instant since) implements News {}

    /** A transition: each is kept until many later ones have come. */
    record OfTransition(StateTransition transition) implements News {}

    /** Transitions that this server itself has missed. */
    record OfLoss(LostTransitions lost) implements News {}

    /** Something invalid was found. */
    record OfProblem(Problem problem, Instant at) implements News {}
}
