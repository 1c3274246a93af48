package ai.tatbot.state.server.demo;

/** Shows the demo while it runs. Any thread may call. */
interface Display extends AutoCloseable {
    /** Something happened that is worth a line. */
    void news(String line);

    /** The session has ended. */
    void report(DemoReport report);

    /** Stops showing. */
    @Override
    void close();

    /** Shows nothing. */
    static Display none() {
        return new Display() {
            @Override
            public void news(String line) {}

            @Override
            public void report(DemoReport report) {}

            @Override
            public void close() {}
        };
    }
}
