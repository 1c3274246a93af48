package ai.tatbot.state.server.http.reference;

import ai.tatbot.state.server.access.Scope;
import java.util.List;

/** Every operation that the server offers over HTTP. A test compares it with what is registered. */
final class OperationTable {
    static final String STATE = "State";
    static final String EVENTS = "Events";
    static final String MCP = "Model Context Protocol";
    static final String ACCESS = "Access";
    static final String SCHEMA = "Schema and reference";
    static final String PAGE = "Page";
    static final String OPERATION = "Operation";

    private static final String TEXT = "{\"type\": \"string\"}";
    private static final String NAMES = "{\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"maxItems\": 100}";
    private static final String KEY = "{\"type\": \"string\", \"maxLength\": 256}";
    private static final String HTML = "text/html";
    private static final String EVENT_STREAM = "text/event-stream";

    private OperationTable() {}

    static List<Operation> all() {
        return List.of(
                status(),
                list(),
                read(),
                write(),
                history(),
                stream(),
                publish(),
                log(),
                mcpMessage(),
                mcpStream(),
                mcpEnd(),
                caller(),
                login(),
                logout(),
                schemas(),
                schema("/schema/state/v1/{folder}/{file}", "getSchemaById", "A schema file under the path of its $id"),
                schema("/schema/{folder}/{file}", "getSchema", "A schema file"),
                document(),
                channels(),
                keys(),
                reference("/api", "getReference", "This reference", HTML),
                reference("/api/reference.css", "getReferenceStyle", "Style of this reference", "text/css"),
                reference("/api/reference.js", "getReferenceScript", "Script of this reference", "text/javascript"),
                page("/", "getPage", "The live page", HTML),
                page("/embed/{panel}", "getPanel", "One panel of the page, to be shown in a frame", HTML)
                        .inPath("panel", "Such as progress.", TEXT, "progress")
                        .fails(404),
                page("/assets/{path}", "getAsset", "What the page is made of", "*/*")
                        .inPath("path", "Path of the file, with its slashes.", TEXT, "js/main.js")
                        .fails(404),
                page("/favicon.ico", "getIcon", "Icon of the page", "image/svg+xml"),
                Operation.get("/docs", "getDocumentation", PAGE)
                        .says("The documentation", "Open to all.")
                        .needs(null)
                        .answers(302, "It begins at /docs/index.html.", null, null),
                Operation.get("/docs/{path}", "getDocumentationPage", PAGE)
                        .says("A page of the documentation", "Open to all: nothing of the fleet is in it.")
                        .needs(null)
                        .inPath("path", "Path of the file, with its slashes.", TEXT, "guides/viewer.html")
                        .inHeader("If-None-Match", "ETag of what the client has.", TEXT)
                        .answers(200, "The file.", "*/*", null)
                        .answers(304, "The client has it already.", null, null)
                        .fails(404),
                metrics(),
                health("/healthz", "getHealth", "Whether the process lives", "It does."),
                health("/readyz", "getReadiness", "Whether the server knows the fleet's state", "It does.")
                        .fails(503));
    }

    private static Operation status() {
        return Operation.get("/api/v1/status", "getStatus", STATE)
                .says(
                        "The fleet at one moment",
                        "Nodes, the session in hand, alerts, and how far all that can be relied upon. From the server's"
                                + " memory: it is answered while Redis is away, too.")
                .answers("The fleet.", "Status");
    }

    private static Operation list() {
        return Operation.get("/api/v1/state", "listState", STATE)
                .says("All documents", "Documents, in the order of their keys, from the server's memory.")
                .inQuery("kind", "Only those of this kind.", ref("DocumentKind"), "robot_state")
                .inQuery("limit", "How many at most.", number(1, 1_000, 100), "")
                .inQuery("cursor", "Where to begin: next_cursor of the page before.", TEXT, "")
                .answers("A page of them.", "ReadingPage")
                .fails(400);
    }

    private static Operation read() {
        return Operation.get("/api/v1/state/{key}", "getState", STATE)
                .says(
                        "What is stored under a key",
                        "Any key of the schema. For what is in hand now: stroke:progress, robot:state,"
                                + " stream:stroke_history. While Redis is away, documents are answered from memory and marked"
                                + " as stale.")
                .inPath("key", "Its name.", KEY, "robot:state:hog")
                .answers("What is stored.", "Reading")
                .fails(400, 404, 422)
                .asksRedis();
    }

    private static Operation write() {
        return Operation.of("put", "/api/v1/state/{key}", "setState", STATE)
                .says(
                        "Overwrite a document",
                        "Only if the server was started with --allow-set-state. The document must fit its key's schema.")
                .needs(Scope.ADMIN)
                .inPath("key", "Its name.", KEY, "robot:state:hog")
                .takes("SetState")
                .answers("It is stored.", "Written")
                .fails(404, 409, 422)
                .asksRedis();
    }

    private static Operation history() {
        return Operation.get("/api/v1/sessions/{session_id}/history", "getSessionHistory", STATE)
                .says(
                        "The positions of a session",
                        "Those that it reached, oldest first; none if there is no such session.")
                .inPath("session_id", "The session.", ref("SessionId"), "stroke_hog_1755547777")
                .inQuery("limit", "How many at most, the last ones.", number(1, 10_000, 1_000), "")
                .answers("Its positions.", "History")
                .fails(400)
                .asksRedis();
    }

    private static Operation stream() {
        return Operation.get("/api/v1/events", "streamEvents", EVENTS)
                .says(
                        "Everything as it happens",
                        "Server-Sent Events: hello and status, a snapshot (change and node, then ready), then what is"
                                + " new. The data of each event are JSON; x-events names the schema of each. Positions are"
                                + " conflated, to one change for each key and interval; transitions never. What a client"
                                + " misses because it is slow is made up for, conflated, by its next event. In a second in"
                                + " which there is nothing else a comment is sent. Filters add up; without any, everything is"
                                + " sent.")
                .inQuery(
                        "kind",
                        "Documents of these kinds.",
                        "{\"type\": \"array\", \"items\": " + ref("DocumentKind") + ", \"maxItems\": 100}",
                        "robot_state")
                .inQuery("key", "Documents under these keys.", NAMES, "")
                .inQuery(
                        "channel",
                        "Transitions on these channels; a template such as node:events:{node_id} stands for all of its"
                                + " channels.",
                        NAMES,
                        "")
                .inQuery("interval_ms", "Least time between two changes of a document.", number(50, 10_000, 50), "")
                .inQuery("last_event_id", "As the header Last-Event-ID, for clients that cannot set headers.", TEXT, "")
                .inHeader("Last-Event-ID", "Id of the last event received: the stream goes on behind it.", TEXT)
                .answers(200, "The stream. It ends with goodbye when the server does.", EVENT_STREAM, null)
                .fails(400);
    }

    private static Operation publish() {
        return Operation.of("post", "/api/v1/events", "publishEvent", EVENTS)
                .says(
                        "Publish an event",
                        "On a channel of the schema, whose schema it must fit. Events of your own go to system:events.")
                .needs(Scope.PUBLISH)
                .takes("PublishEvent")
                .answers("It is published.", "Published")
                .fails(422)
                .asksRedis();
    }

    private static Operation log() {
        return Operation.get("/api/v1/log", "getLog", EVENTS)
                .says("The last transitions", "Those of all channels, from events:log, oldest first.")
                .inQuery("limit", "How many at most, the last ones.", number(1, 1_000, 200), "")
                .answers("The last transitions.", "Log")
                .fails(400)
                .asksRedis();
    }

    private static Operation mcpMessage() {
        return mcp("post", "sendMcpMessage", "Send a message")
                .takes("JsonRpcMessage")
                .inHeader("MCP-Session-Id", "The session. Absent: this is initialize, and begins one.", TEXT)
                .answers(200, "The answer, or a stream at the end of which it comes.", Operation.JSON, "JsonRpcMessage")
                .alsoAs(EVENT_STREAM)
                .answers(202, "A notification, or an answer to the server, was taken.", null, null);
    }

    private static Operation mcpStream() {
        return mcp("get", "streamMcpMessages", "Listen to the server")
                .inHeader("MCP-Session-Id", "The session.", TEXT)
                .inHeader("Last-Event-ID", "Id of the last event received: the stream goes on behind it.", TEXT)
                .answers(200, "Notifications, such as those of subscriptions.", EVENT_STREAM, null);
    }

    private static Operation mcpEnd() {
        return mcp("delete", "endMcpSession", "End the session")
                .inHeader("MCP-Session-Id", "The session.", TEXT)
                .answers(204, "It is over.", null, null);
    }

    private static Operation mcp(String method, String id, String title) {
        return Operation.of(method, "/mcp", id, MCP)
                .says(
                        title,
                        "For language models: JSON-RPC over Streamable HTTP, as the protocol has it. Ask for its tools there.")
                .inHeader("MCP-Protocol-Version", "Version that was agreed upon, such as 2025-11-25.", TEXT)
                .isRemoteCall();
    }

    private static Operation caller() {
        return Operation.get("/api/v1/whoami", "getCaller", ACCESS)
                .says("Who asks", "The name of the token, and what it allows.")
                .answers("The caller.", "Caller");
    }

    private static Operation login() {
        return Operation.of("post", "/login", "login", ACCESS)
                .says(
                        "Log in a page",
                        "Gives the browser a cookie that stands for the token, for as long as that is valid.")
                .needs(null)
                .takes("Login")
                .answers(204, "Logged in; or no token is needed here.", null, null)
                .fails(401);
    }

    private static Operation logout() {
        return Operation.of("post", "/logout", "logout", ACCESS)
                .says("Log out a page", "Takes the cookie back.")
                .needs(null)
                .answers(204, "Logged out.", null, null);
    }

    private static Operation schemas() {
        return Operation.get("/schema", "listSchemas", SCHEMA)
                .says(
                        "All schema files",
                        "What there is: types, models, events, keys, channels, and the rules for those.")
                .answers("The files.", "SchemaList");
    }

    private static Operation schema(String path, String id, String title) {
        return Operation.get(path, id, SCHEMA)
                .says(
                        title,
                        "Types, models, events and rules are JSON Schema; keys and channels have rules of their own.")
                .inPath("folder", "Such as models.", TEXT, "models")
                .inPath("file", "Such as robot-state.json.", TEXT, "robot-state.json")
                .inHeader("If-None-Match", "ETag of what the client has.", TEXT)
                .answers(200, "The file.", "application/schema+json", null)
                .alsoAs(Operation.JSON)
                .answers(304, "The client has it already.", null, null)
                .fails(404);
    }

    private static Operation document() {
        return Operation.get(ReferenceRoutes.DOCUMENT, "getOpenApi", SCHEMA)
                .says("This document", "OpenAPI 3.1; it refers to nothing outside itself.")
                .answers("The document.", null);
    }

    private static Operation channels() {
        return Operation.get(ReferenceRoutes.CHANNELS, "getAsyncApi", SCHEMA)
                .says(
                        "The channels of Redis",
                        "AsyncAPI 3: which events are published where, and by whom; for programs that speak to Redis"
                                + " themselves.")
                .answers("The document.", null);
    }

    private static Operation keys() {
        return Operation.get(ReferenceRoutes.KEYS, "getKeyCatalogue", SCHEMA)
                .says(
                        "The keys of Redis",
                        "Each with its template, type, time to live and document; its own schema is meta/catalogue.json.")
                .answers("The catalogue.", null);
    }

    private static Operation reference(String path, String id, String title, String type) {
        return Operation.get(path, id, SCHEMA)
                .says(title, "A page that shows the OpenAPI document.")
                .answers(200, "The file.", type, null);
    }

    private static Operation page(String path, String id, String title, String type) {
        return Operation.get(path, id, PAGE)
                .says(title, "Open to all; what it shows it fetches with the token of whoever looks at it.")
                .needs(null)
                .inHeader("If-None-Match", "ETag of what the client has.", TEXT)
                .answers(200, "The file.", type, null)
                .answers(304, "The client has it already.", null, null);
    }

    private static Operation metrics() {
        return Operation.get("/metrics", "getMetrics", OPERATION)
                .says("Figures for Prometheus", "In its text format, or as OpenMetrics if that is preferred by Accept.")
                .answers(200, "The figures.", "text/plain", null)
                .alsoAs("application/openmetrics-text");
    }

    private static Operation health(String path, String id, String title, String text) {
        return Operation.get(path, id, OPERATION)
                .says(title, "For supervisors. Open to all.")
                .needs(null)
                .answers(text, "Health");
    }

    private static String ref(String component) {
        return "{\"$ref\": \"#/components/schemas/" + component + "\"}";
    }

    private static String number(int least, int most, int otherwise) {
        return "{\"type\": \"integer\", \"minimum\": " + least + ", \"maximum\": " + most + ", \"default\": "
                + otherwise + "}";
    }
}
