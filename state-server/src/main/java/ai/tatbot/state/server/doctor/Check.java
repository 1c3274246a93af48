package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateException;

/** Looks at one thing, and gives one line of the report. */
abstract class Check {
    private final Part part;
    private final String title;

    /** @param title for people: a word or three, in lower case */
    Check(Part part, String title) {
        this.part = part;
        this.title = title;
    }

    final Part part() {
        return part;
    }

    final String title() {
        return title;
    }

    /** For programs. */
    final String name() {
        return title.replace(' ', '_');
    }

    /**
     * Looks.
     *
     * @throws NotCheckedException if it cannot be looked at
     * @throws StateException if Redis refuses, which is no failure of what is looked at, or is gone, which is one
     */
    abstract Result examine(Examination examination) throws InterruptedException;
}
