package ai.tatbot.state.bench.suite;

/** A part of the suite. */
interface Section {
    /** Measures, and adds what it found. */
    void run(Run run) throws Exception;
}
