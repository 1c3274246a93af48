package ai.tatbot.state.client.internal;

import ai.tatbot.state.model.NodeHealth;
import org.jspecify.annotations.Nullable;

/**
 * A node as a reaper sees it.
 *
 * @param health null if there is none
 * @param healthRevision empty if it has none
 */
record SeenNode(String id, NodeLiveness liveness, @Nullable NodeHealth health, String healthRevision) {}
