package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.StateChange;
import ai.tatbot.state.client.StateChange.Cause;
import ai.tatbot.state.client.StateTransition;
import ai.tatbot.state.client.WatchListener;
import ai.tatbot.state.model.Versioned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Notes what a watch tells, and when. Thread-safe. */
final class Audience implements WatchListener {
    private final List<String> transitions = new ArrayList<>();
    private long revision;
    private long published;
    private long arrivedNanos;
    private long backwards;
    private long lost;

    @Override
    public synchronized void onChange(StateChange<?> change) {
        Versioned<?> value = change.value();
        if (value == null || value.rev() == null) {
            return;
        }
        if (value.rev() < revision) {
            backwards++;
        }
        revision = value.rev();
        if (change.cause() == Cause.UPDATED) {
            published = revision;
        }
        arrivedNanos = System.nanoTime();
        notifyAll();
    }

    @Override
    public synchronized void onTransition(StateTransition transition) {
        transitions.add(transition.event().type());
        notifyAll();
    }

    @Override
    public synchronized void onLost(LostTransitions what) {
        lost += what.count();
    }

    /** Waits for a revision; returns when it arrived, by {@link System#nanoTime}, or -1 if it did not. */
    synchronized long awaitRevision(long wanted, Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (revision < wanted) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return -1;
            }
            wait(left);
        }
        return arrivedNanos;
    }

    /** Waits for a revision to be told by a message; returns whether it was. What is found by reading again does not count. */
    synchronized boolean awaitPublished(long wanted, Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (published < wanted) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Waits for a transition; returns whether it came. */
    synchronized boolean awaitTransition(String type, Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (!transitions.contains(type)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** The transitions so far, by type. */
    synchronized List<String> transitions() {
        return List.copyOf(transitions);
    }

    /** How often a revision was lower than the one before. */
    synchronized long backwards() {
        return backwards;
    }

    /** How many transitions could not be had. */
    synchronized long lost() {
        return lost;
    }
}
