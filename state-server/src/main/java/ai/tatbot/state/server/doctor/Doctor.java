package ai.tatbot.state.server.doctor;

import ai.tatbot.state.client.StateException;
import ai.tatbot.state.client.StateException.Reason;
import ai.tatbot.state.client.StateOptions;
import ai.tatbot.state.client.internal.RawConnection;
import ai.tatbot.state.server.show.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the checks, one after the other. It ends in bounded time whatever Redis, the network or the resolver do: a check that takes too
 * long is given up, and with it every connection; what needs Redis and comes after it is not checked.
 */
public final class Doctor {
    /** For one check; a call to Redis gives up long before. */
    private static final Duration LONGEST_CHECK = Duration.ofSeconds(10);

    /** For a part of the rehearsal. */
    private static final Duration LONGEST_REHEARSAL = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Doctor.class);

    private final Patient patient;
    private final List<Check> checks;
    private final Duration longest;

    private Doctor(Patient patient, List<Check> checks, Duration longest) {
        this.patient = patient;
        this.checks = checks;
        this.longest = longest;
    }

    /** The roles that a patient may say it has. */
    public static List<String> roles() {
        return RoleGuess.names();
    }

    /**
     * Examines.
     *
     * @param told of each finding as soon as it is there
     */
    public static Report examine(Patient patient, Consumer<Finding> told) {
        return new Doctor(patient, Checks.of(patient), LONGEST_CHECK).run(told);
    }

    /** As {@link #examine(Patient, Consumer)}, by these checks, none of which may take longer. */
    static Report examine(Patient patient, List<Check> checks, Duration longest) {
        return new Doctor(patient, checks, longest).run(finding -> {});
    }

    private Report run(Consumer<Finding> told) {
        Instant at = patient.clock().instant();
        long begin = System.nanoTime();
        List<Finding> findings = new ArrayList<>();
        Examination examination = new Examination(patient);
        try {
            for (Check check : checks) {
                Result result = examine(check, examination);
                if (!result.isNone()) {
                    Finding finding = result.finding(check);
                    findings.add(finding);
                    told.accept(finding);
                }
            }
        } finally {
            examination.close();
        }
        StateOptions options = examination.knownOptions();
        return new Report(
                at,
                Duration.ofNanos(System.nanoTime() - begin),
                options == null ? null : options.nodeId(),
                options == null ? null : options.address(),
                examination.isUnreachable(),
                List.copyOf(findings));
    }

    private Result examine(Check check, Examination examination) {
        Duration limit = check.part() == Part.REHEARSAL ? LONGEST_REHEARSAL : longest;
        FutureTask<Result> result = new FutureTask<>(() -> guarded(check, examination));
        // A thread for each: one that hangs, in the system's resolver perhaps, holds up no other.
        Thread thread = new Thread(result, "tatbot-doctor-" + check.name());
        thread.setDaemon(true);
        thread.start();
        try {
            return result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            examination.lose("an earlier check took too long");
            examination.close();
            result.cancel(true);
            return Result.fail(
                    "no result within " + Text.span(limit),
                    "Something on the way is very slow, or answers without an end. Try again; look at the network and at Redis.");
        } catch (ExecutionException e) {
            LOG.debug("{} failed", check.title(), e.getCause());
            return Result.fail(
                    "this check itself failed: " + Words.safe(String.valueOf(e.getCause())),
                    "Run it again with --verbose, and report what it says.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StateException(Reason.INTERRUPTED, "the examination was interrupted", e);
        }
    }

    private static Result guarded(Check check, Examination examination) throws InterruptedException {
        try {
            return check.examine(examination);
        } catch (NotCheckedException e) {
            return Result.notChecked(String.valueOf(e.getMessage()));
        } catch (StateException e) {
            return refused(e, examination);
        }
    }

    private static Result refused(StateException failure, Examination examination) {
        if (RawConnection.lacksRight(failure)) {
            return Result.notChecked("this user has no right to see it");
        }
        switch (failure.reason()) {
            case UNAVAILABLE, TIMEOUT, CLOSED -> {
                if (examination.isLost()) {
                    // Cut by ourselves.
                    return Result.notChecked("interrupted");
                }
                examination.lose("Redis went away");
                return Result.fail(
                        "Redis went away: " + Words.of(failure),
                        "Is it running, and is the network whole? Look at its log.");
            }
            default -> {
                return Result.fail(Words.of(failure), "Mend what the message says, and try again.");
            }
        }
    }
}
