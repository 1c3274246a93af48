package ai.tatbot.state.server.mcp.transport;

import java.time.Duration;

/**
 * How much a client may ask of the transport. Immutable.
 *
 * @param bodyBytes longest message of a client
 * @param sessions most sessions at a time; beyond them one of who has most gives way, the one that was idle longest
 * @param sessionsPerPrincipal most sessions of one name at a time; beyond them its own that was idle longest gives way. On loopback
 *     without tokens all clients have one name
 * @param sessionIdle how long a session without an open stream or a running call is kept
 * @param callsPerSession most requests of one session that run at a time
 * @param streamLife how long a stream stays open before the client has to open it anew, and so to prove again who it is
 * @param writeDeadline how long a client may leave what is sent to it unread
 * @param heartbeat silence after which a comment is sent on an open stream, by which a client that is gone is noticed
 */
public record TransportLimits(
        int bodyBytes,
        int sessions,
        int sessionsPerPrincipal,
        Duration sessionIdle,
        int callsPerSession,
        Duration streamLife,
        Duration writeDeadline,
        Duration heartbeat) {
    /** What the server uses. */
    public static final TransportLimits DEFAULT = new TransportLimits(
            1 << 20,
            256,
            64,
            Duration.ofMinutes(30),
            32,
            Duration.ofMinutes(15),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10));

    /** The same with another number of sessions. */
    public TransportLimits withSessions(int most) {
        return new TransportLimits(
                bodyBytes,
                most,
                sessionsPerPrincipal,
                sessionIdle,
                callsPerSession,
                streamLife,
                writeDeadline,
                heartbeat);
    }

    /** The same with another number of sessions of one name. */
    public TransportLimits withSessionsPerPrincipal(int most) {
        return new TransportLimits(
                bodyBytes, sessions, most, sessionIdle, callsPerSession, streamLife, writeDeadline, heartbeat);
    }

    /** The same with another idle time. */
    public TransportLimits withSessionIdle(Duration idle) {
        return new TransportLimits(
                bodyBytes, sessions, sessionsPerPrincipal, idle, callsPerSession, streamLife, writeDeadline, heartbeat);
    }

    /** The same with another life of a stream. */
    public TransportLimits withStreamLife(Duration life) {
        return new TransportLimits(
                bodyBytes,
                sessions,
                sessionsPerPrincipal,
                sessionIdle,
                callsPerSession,
                life,
                writeDeadline,
                heartbeat);
    }

    /** The same with another deadline for unread data. */
    public TransportLimits withWriteDeadline(Duration deadline) {
        return new TransportLimits(
                bodyBytes,
                sessions,
                sessionsPerPrincipal,
                sessionIdle,
                callsPerSession,
                streamLife,
                deadline,
                heartbeat);
    }
}
