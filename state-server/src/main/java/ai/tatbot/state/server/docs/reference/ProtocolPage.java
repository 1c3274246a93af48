package ai.tatbot.state.server.docs.reference;

/**
 * The page for who writes a client in another language with nothing else: every command with its bytes, what Redis runs and replies, and how
 * a watch has to behave. Made of what the jars carry, so that it says what this version does.
 */
final class ProtocolPage {
    private ProtocolPage() {}

    /** The page, in Markdown as GitHub knows it. */
    static String markdown() {
        ProtocolScripts scripts = new ProtocolScripts();
        CommandText commands = new CommandText(scripts);
        ProtocolTables tables = new ProtocolTables();
        ProtocolOperations operations = new ProtocolOperations();
        return ClassPathText.own("protocol.md")
                .replace(
                        "{{bytes}}",
                        commands.bytes(ProtocolOperations.read("session-progress")
                                .path("sent")
                                .get(0)
                                .path("command")))
                .replace("{{scripts}}", scripts.table())
                .replace("{{heads}}", scripts.heads())
                .replace("{{placeholders}}", commands.placeholders())
                .replace("{{keys}}", tables.keys())
                .replace("{{documents}}", tables.documents())
                .replace("{{channels}}", tables.channels())
                .replace("{{messages}}", tables.messages())
                .replace("{{operations}}", operations.allBut("Watching"))
                .replace("{{operations:Watching}}", operations.of("Watching"))
                .replaceAll("\n{3,}", "\n\n")
                // Last, for these are to stay as they are.
                .replace("{{files}}\n", scripts.files());
    }
}
