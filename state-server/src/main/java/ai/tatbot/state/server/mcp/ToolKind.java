package ai.tatbot.state.server.mcp;

import ai.tatbot.state.server.access.Scope;

/** The tools that there are. */
enum ToolKind {
    GET_STATE("get_state", Scope.READ, false),
    LIST_STATE("list_state", Scope.READ, false),
    SYSTEM_STATUS("system_status", Scope.READ, false),
    WATCH_STATE("watch_state", Scope.READ, true),
    PUBLISH_EVENT("publish_event", Scope.PUBLISH, false),
    SET_STATE("set_state", Scope.ADMIN, false);

    private final String text;
    private final Scope scope;
    private final boolean waits;

    ToolKind(String text, Scope scope, boolean waits) {
        this.text = text;
        this.scope = scope;
        this.waits = waits;
    }

    /** Its name, and that of the file that describes it. */
    String text() {
        return text;
    }

    /** What its caller must have. */
    Scope scope() {
        return scope;
    }

    /** Whether it may take longer than a request to Redis. */
    boolean waits() {
        return waits;
    }
}
