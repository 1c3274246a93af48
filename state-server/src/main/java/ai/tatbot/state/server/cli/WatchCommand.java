package ai.tatbot.state.server.cli;

import ai.tatbot.state.client.LostTransitions;
import ai.tatbot.state.client.Problem;
import ai.tatbot.state.client.RawListener;
import ai.tatbot.state.client.StateManager;
import ai.tatbot.state.client.Subscription;
import ai.tatbot.state.model.Channel;
import ai.tatbot.state.model.ChannelKind;
import ai.tatbot.state.model.Channels;
import ai.tatbot.state.model.Event;
import ai.tatbot.state.model.InvalidValueException;
import ai.tatbot.state.model.Shown;
import ai.tatbot.state.model.WireTime;
import ai.tatbot.state.server.show.JsonText;
import ai.tatbot.state.server.show.Style;
import ai.tatbot.state.server.show.Text;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows events as they arrive. */
@CommandLine.Command(
        name = "watch",
        header = "Show events as they are published.",
        description = {
            "Without a channel, all of them. A message that is no event of its channel is reported and passed over. If the"
                    + " connection is lost, that is said, and it is restored; of what was published meanwhile, sessions' starts and"
                    + " ends and other transitions are caught up or said to be lost, positions are missed."
        },
        footer = {
            "",
            "Channels:",
            "  stroke:events:progress     every position of a session",
            "  stroke:events:session      sessions starting, pausing, ending",
            "  robot:events               states of a robot, arms coming and going",
            "  node:events:{node_id}      heartbeats, nodes coming and going",
            "  error:events:{category}    errors",
            "  system:events              events of any application",
            "",
            "Examples:",
            "  tatbot-state watch",
            "  tatbot-state watch stroke:events:session 'error:events:*'",
            "  tatbot-state watch stroke:events:progress --count 100 --json",
            "  tatbot-state watch --for 10s",
        })
final class WatchCommand extends Command {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

    /** How often the state of the connection is looked at. */
    private static final long LOOK_NANOS = Duration.ofMillis(50).toNanos();

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)?");
    private static final Duration LONGEST_DURATION = Duration.ofDays(365);

    /** The longest that our own nodes publish. */
    private static final int LONGEST = 64 * 1024;

    @Parameters(
            arity = "0..*",
            paramLabel = "CHANNEL",
            description = "Channels, or patterns of them such as node:events:*.")
    List<String> channels = new ArrayList<>();

    @Option(names = "--count", paramLabel = "N", description = "End after so many events; invalid ones do not count.")
    @Nullable
    Long count;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "End after this time, such as 10s, 500ms, 5m; at most 8760h.")
    @Nullable
    String time;

    private final CountDownLatch enough = new CountDownLatch(1);
    private volatile @Nullable Instant lostSince;
    private long seen;
    private int longestChannel;

    WatchCommand(Context context) {
        super(context);
    }

    @Override
    ExitCode run() throws InterruptedException {
        Set<String> patterns = patterns(channels);
        if (count != null && count < 1) {
            throw CliException.usage("--count must be at least 1, was " + count);
        }
        @Nullable Duration longest = time == null ? null : duration(time);
        longestChannel = patterns.stream().mapToInt(String::length).max().orElse(0);
        try (StateManager state =
                        StateManager.connect(ConnectionOptions.build(options().problemListener(this::onProblem)));
                Subscription subscription = state.subscribeRaw(patterns, new Wire())) {
            say("listening to " + String.join(", ", patterns) + " at "
                    + state.options().address());
            long deadline = longest == null ? Long.MAX_VALUE : System.nanoTime() + longest.toNanos();
            for (long left = LOOK_NANOS; !done() && left > 0; left = left(deadline, longest)) {
                Instant since = lostSince;
                if (since != null && subscription.condition() == Subscription.Condition.LIVE) {
                    lostSince = null;
                    say(
                            "listening again after " + Text.span(Duration.between(since, Instant.now()))
                                    + "; transitions that were published in between are caught up as far as events:log has them, positions are missed");
                }
                enough.await(left, TimeUnit.NANOSECONDS);
            }
        }
        return ExitCode.DONE;
    }

    private static long left(long deadline, @Nullable Duration longest) {
        return longest == null ? LOOK_NANOS : Math.min(LOOK_NANOS, deadline - System.nanoTime());
    }

    private boolean done() {
        return enough.getCount() == 0;
    }

    /**
     * What to listen to: all kinds if nothing is named; a channel that a pattern covers is not asked for twice.
     */
    static Set<String> patterns(List<String> channels) {
        Set<String> all = Channels.all().stream().map(ChannelKind::pattern).collect(Collectors.toSet());
        if (channels.isEmpty()) {
            return new LinkedHashSet<>(all.stream().sorted().toList());
        }
        Set<String> patterns = new LinkedHashSet<>();
        for (String name : channels) {
            if (all.contains(name)) {
                patterns.add(name);
            } else if (Channels.parse(name).isEmpty()) {
                throw PublishCommand.noSuchChannel(name);
            }
        }
        for (String name : channels) {
            Optional<Channel<? extends Event>> channel = Channels.parse(name);
            if (channel.isPresent() && !patterns.contains(channel.get().kind().pattern())) {
                patterns.add(name);
            }
        }
        return patterns;
    }

    /** Reads {@code 10s}, {@code 500ms}, {@code 5m}, {@code 1h}; a bare number is in seconds. */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration duration = switch (String.valueOf(matcher.group(2))) {
                case "ms" -> Duration.ofMillis(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofSeconds(number);
            };
            if (!duration.isZero() && duration.compareTo(LONGEST_DURATION) <= 0) {
                return duration;
            }
        }
        throw CliException.usage(
                "--for must be a time such as 10s, 500ms, 5m or 1h, from 1ms to 8760h, was " + Shown.text(text));
    }

    /** What comes from Redis. */
    private final class Wire implements RawListener {
        @Override
        public void onMessage(String channel, byte[] message) {
            WatchCommand.this.onMessage(channel, message);
        }

        @Override
        public void onLost(LostTransitions lost) {
            say(Text.count(lost.count(), "transition") + " lost" + (lost.exact() ? "" : ", on these or other channels")
                    + ": " + lost.reason());
        }
    }

    private synchronized void onMessage(String channel, byte[] message) {
        if (done()) {
            return;
        }
        Instant received = Instant.now();
        try {
            Event event = read(channel, message);
            print(json ? json(channel, message, received) : line(channel, event, message, received));
            seen++;
        } catch (InvalidValueException e) {
            invalid(channel, String.valueOf(e.getMessage()));
        }
        // The other end of a pipe may have gone, as with: watch | head
        if ((count != null && seen >= count) || terminal().out().checkError()) {
            enough.countDown();
        }
    }

    private static Event read(String channel, byte[] message) {
        if (message.length > LONGEST) {
            throw new InvalidValueException("an event must have at most " + LONGEST + " bytes, has " + message.length);
        }
        return Channels.parse(channel)
                .orElseThrow(() -> new InvalidValueException("no channel of the schema"))
                .read(message);
    }

    private static String json(String channel, byte[] message, Instant received) {
        return JsonText.object(out -> {
            out.writeStringProperty("channel", channel);
            out.writeStringProperty("received_at", WireTime.format(received));
            out.writeName("event");
            JsonText.copy(out, message);
        });
    }

    private String line(String channel, Event event, byte[] message, Instant received) {
        longestChannel = Math.max(longestChannel, channel.length());
        return terminal().styled(TIME.format(received), Style.DIM) + "  "
                + terminal().styled(Text.padded(channel, longestChannel), Style.BLUE) + "  "
                + terminal().styled(Text.padded(Text.safe(event.type(), 40), 16), Style.BOLD) + "  "
                + EventText.of(event, message);
    }

    private void invalid(String channel, String reason) {
        if (json) {
            terminal().err().println(JsonText.object(out -> {
                out.writeStringProperty("channel", channel);
                out.writeStringProperty("invalid", reason);
            }));
        } else {
            terminal()
                    .err()
                    .println(terminal().styled("invalid", Style.RED) + " on " + Text.safe(channel, 120) + ": "
                            + Text.safe(reason));
        }
    }

    private void onProblem(Problem problem) {
        if (problem.kind() == Problem.Kind.DISCONNECTED && lostSince == null) {
            // However short the outage is: between two looks it would not be seen.
            lostSince = Instant.now();
        }
        say(problem.message());
    }

    /** For whoever watches; what a program reads stays free of it. */
    private void say(String what) {
        if (json) {
            terminal().err().println(JsonText.object(out -> out.writeStringProperty("notice", what)));
        } else {
            terminal().err().println(terminal().styled(Text.safe(what), Style.DIM));
        }
    }
}
