package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateMirror;
import ai.tatbot.state.client.StrokeSession;
import java.util.List;

/**
 * A session that was played from beginning to end, and who watched.
 *
 * @param session as its writer has it
 * @param firstRevision revision of its start
 * @param writes how often it was written, start and end included
 * @param audience who watched from the beginning
 * @param mirror its mirror
 * @param deliveries from before each update to its arrival at the audience, in nanoseconds
 * @param late how many updates did not arrive in time
 * @param updatesPerSecond when nobody waited for the audience
 * @param lateJoiner what somebody saw who came in the middle; empty if what should be seen
 */
record Play(
        StrokeSession session,
        long firstRevision,
        long writes,
        Audience audience,
        StateMirror mirror,
        List<Long> deliveries,
        int late,
        double updatesPerSecond,
        String lateJoiner) {}
