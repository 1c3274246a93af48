package ai.tatbot.state.client.internal;

/** Something on its way through a publisher. Its fields belong to the sender. */
abstract class PublishItem {
    /** Order in which the sender took it from the queue, from 1; 0 before that. */
    long number;

    /** How often it was refused because of something that someone else had stored. */
    int conflicts;

    /** Whether it must be told exactly once. */
    abstract boolean isTransition();

    /** What it is, to begin a message with. */
    abstract String what();

    /** Key or channel that it concerns. */
    abstract String source();
}
