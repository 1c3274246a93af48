package ai.tatbot.state.server.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/**
 * Sends a server many wrong requests, over connections that are kept, several at a time, and some over connections of their own.
 * Each must be answered with a proper status, and no answer may show what the server is made of. The same seed makes the same
 * requests.
 */
public final class HttpFuzzer {
    private static final int THREADS = 4;
    private static final int AT_A_TIME = 16;
    private static final int MOST_FAULTS = 20;

    /** One in so many is sent alone and may be anything. */
    private static final int WILD = 8;

    private static final Pattern INSIDE = Pattern.compile(
            "\\b(?:java|javax|jakarta|kotlin|sun|jdk|org|com|io|ai|tools|reactor)\\.[a-z0-9_.]*[A-Z]\\w+"
                    + "|[A-Z]\\w+(?:Exception|Error)\\b|\\bat [\\w.$]+\\([\\w.]+:\\d+\\)|\\.java\\b"
                    + "|(?i:jetty|javalin|jackson|stack ?trace|jedis)");

    private final int port;
    private final long seed;
    private final List<byte[]> requests;
    private final Map<Integer, LongAdder> statuses = new ConcurrentSkipListMap<>();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final List<String> faults = new CopyOnWriteArrayList<>();

    /**
     * @param port on loopback
     * @param requests right ones; lines end in CRLF, bodies are framed by Content-Length
     */
    public HttpFuzzer(int port, long seed, List<String> requests) {
        this.port = port;
        this.seed = seed;
        this.requests = requests.stream()
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    /**
     * What became of them.
     *
     * @param statuses how often each status was answered
     * @param unanswered of those that might be anything, how many were met with nothing but the end of the connection
     * @param faults what must not be; the first few
     */
    public record Outcome(Map<Integer, Long> statuses, int unanswered, List<String> faults) {}

    /** Sends so many in all, and waits for their answers. */
    public Outcome run(int count) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int worker = i;
            Thread thread = new Thread(() -> {
                try {
                    new Worker(new Random(seed + worker)).run(count / THREADS);
                } catch (RuntimeException e) {
                    fault("the fuzzer itself failed: " + e, new byte[0]);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        Map<Integer, Long> counts = new ConcurrentSkipListMap<>();
        statuses.forEach((status, number) -> counts.put(status, number.sum()));
        return new Outcome(counts, unanswered.get(), List.copyOf(faults));
    }

    private void fault(String what, byte[] request) {
        if (faults.size() < MOST_FAULTS) {
            String shown = new String(request, StandardCharsets.ISO_8859_1);
            faults.add(what + "\n--- request:\n" + shown.substring(0, Math.min(2_000, shown.length())));
        }
    }

    private void check(RawHttp.Answer answer, byte[] request) {
        int status = answer.status();
        statuses.computeIfAbsent(status, key -> new LongAdder()).increment();
        if (status < 200 || status == 500) {
            fault("answered with " + answer.text(), request);
        } else if (INSIDE.matcher(answer.text()).find()) {
            fault("shows what the server is made of: " + answer.text(), request);
        }
    }

    /** Sends its share, one batch after the other. */
    private final class Worker {
        private final Random random;
        private final RequestMutator mutator;

        Worker(Random random) {
            this.random = random;
            this.mutator = new RequestMutator(random);
        }

        void run(int count) {
            Deque<byte[]> waiting = new ArrayDeque<>();
            for (int left = count; left > 0; left--) {
                byte[] right = requests.get(random.nextInt(requests.size()));
                byte[] wrong = random.nextInt(WILD) == 0 ? null : mutator.framed(right);
                if (wrong == null) {
                    sendWild(mutator.wild(right));
                } else if (isHead(wrong)) {
                    // If it is malformed its answer may have a body, which cannot be told from the next answer.
                    sendAlone(wrong);
                } else {
                    waiting.add(wrong);
                }
                if (waiting.size() == AT_A_TIME) {
                    sendAll(waiting);
                }
            }
            sendAll(waiting);
        }

        /** Sends them behind each other, and those for which the server hangs up before they are answered again. */
        private void sendAll(Deque<byte[]> waiting) {
            while (!waiting.isEmpty()) {
                int before = waiting.size();
                try (RawHttp http = RawHttp.connect(port)) {
                    StringBuilder all = new StringBuilder();
                    waiting.forEach(request -> all.append(new String(request, StandardCharsets.ISO_8859_1)));
                    boolean open = http.trySend(all.toString());
                    while (open && !waiting.isEmpty()) {
                        Optional<RawHttp.Answer> answer = answer(http, waiting.getFirst());
                        if (answer.isPresent()) {
                            waiting.removeFirst();
                        }
                        // The end of a stream may come at any time, in front of the next answer.
                        open = answer.isPresent() && !answer.get().isStream();
                    }
                }
                if (waiting.size() == before) {
                    sendAlone(waiting.removeFirst());
                }
            }
        }

        private void sendAlone(byte[] request) {
            try (RawHttp http = RawHttp.connect(port)) {
                boolean sent = http.trySend(new String(request, StandardCharsets.ISO_8859_1));
                if (answer(http, request).isEmpty()) {
                    fault(sent ? "not answered" : "could not be sent", request);
                }
            }
        }

        private Optional<RawHttp.Answer> answer(RawHttp http, byte[] request) {
            Optional<RawHttp.Answer> answer = http.tryAnswer(isHead(request));
            answer.ifPresent(found -> check(found, request));
            return answer;
        }

        private void sendWild(byte[] request) {
            try (RawHttp http = RawHttp.connect(port)) {
                http.trySend(new String(request, StandardCharsets.ISO_8859_1));
                http.tryFinish();
                if (answer(http, request).isEmpty()) {
                    unanswered.incrementAndGet();
                }
            }
        }

        private boolean isHead(byte[] request) {
            return request.length > 4 && new String(request, 0, 5, StandardCharsets.ISO_8859_1).equals("HEAD ");
        }
    }
}
