package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.internal.RedisConnections.Safety;
import ai.tatbot.state.client.internal.Script.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Builder;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.args.Rawable;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Commands that go out together, in one round trip. If it is repeated, all of it is. Not thread-safe: filled by one thread, and
 * read by one once the answers are there.
 */
public final class Round {
    private final String what;
    private final Safety safety;
    private final boolean write;
    private final List<Question<?>> questions = new ArrayList<>(1);

    /** What adds the others. */
    private final Deque<Runnable> later = new ArrayDeque<>(0);

    /** Something has failed while it added more: some of it is there, and what is missing nobody would miss. */
    private boolean isSpoiled;

    private Round(String what, Safety safety, boolean write) {
        this.what = what;
        this.safety = safety;
        this.write = write;
    }

    /** One that changes nothing. */
    static Round reading(String what) {
        return new Round(what, Safety.READ, false);
    }

    /** One that changes something, and that replicas need not confirm. */
    static Round changing(String what, Safety safety) {
        return new Round(what, safety, false);
    }

    /** One that changes something; with {@code replicas}, it waits for them. */
    static Round writing(String what, Safety safety) {
        return new Round(what, safety, true);
    }

    /** What it does and to what, to begin a message with. */
    public String what() {
        return what;
    }

    /** Whether it may be sent again when it is not known what became of it. */
    public boolean isRead() {
        return safety == Safety.READ;
    }

    /** Whether replicas are to confirm it. */
    public boolean isWrite() {
        return write;
    }

    Safety safety() {
        return safety;
    }

    /** What is to be sent, in this order. */
    public List<Question<?>> questions() {
        requireWhole();
        while (!later.isEmpty()) {
            addMore();
        }
        return questions;
    }

    private void requireWhole() {
        if (isSpoiled) {
            throw new IllegalStateException(what + ": making the commands has failed the time before");
        }
    }

    private void addMore() {
        isSpoiled = true;
        later.remove().run();
        isSpoiled = false;
    }

    /** Adds more once what was added before has been sent, so that Redis need not wait until all of many are put together. */
    void later(Runnable adding) {
        later.add(adding);
    }

    /** Adds a command. */
    <A> Supplier<A> ask(CommandObject<A> command) {
        Question<A> question = new Question<>(command::getArguments, command.getBuilder(), null);
        questions.add(question);
        return question;
    }

    /**
     * Adds a read of some fields of a hash; one of many, as a rule.
     *
     * @param key asked for only when it is sent, so that Redis begins with the first while the others are not made yet
     */
    Question<List<byte @Nullable []>> askFields(Supplier<byte[]> key, HashFields fields) {
        Question<List<byte @Nullable []>> question =
                new Question<>(() -> fields.of(key.get()), HashFields.BUILDER, null);
        questions.add(question);
        return question;
    }

    /** Adds a script. */
    Supplier<Object> call(Call call) {
        Question<Object> question = new Question<>(null, BuilderFactory.RAW_OBJECT, call);
        questions.add(question);
        return question;
    }

    /** Adds a script that answers with a string. */
    Supplier<String> run(Call call) {
        Supplier<Object> answer = call(call);
        return () -> Namespace.text((byte[]) answer.get());
    }

    /** What is to be done after it. */
    <T> Step<T> then(Supplier<Step<T>> next) {
        return new Step.Ask<>(this, next, null);
    }

    /** Sends it, and reads all answers; each is made something of while Redis works on the next ones. */
    void exchange(Connection connection) {
        boolean isComplete = false;
        try {
            if (later.isEmpty()) {
                send(connection);
            } else {
                // Many, for which the buffers of the network may be too small.
                WriteDeadline deadline = WriteDeadline.begin(connection);
                send(connection);
                deadline.written();
            }
            List<Question<?>> unknown = new ArrayList<>(0);
            for (Question<?> question : questions) {
                if (!question.take(connection)) {
                    unknown.add(question);
                }
            }
            unknown.forEach(question -> question.takeByText(connection));
            isComplete = true;
        } finally {
            if (!isComplete) {
                // The next call on it would read the answers to this one.
                connection.setBroken();
            }
        }
    }

    private void send(Connection connection) {
        requireWhole();
        for (int sent = 0; sent < questions.size() || !later.isEmpty(); ) {
            if (sent == questions.size()) {
                addMore();
            } else {
                connection.sendCommand(questions.get(sent++).arguments(true));
            }
        }
    }

    /** Sends it, one command after the other. */
    void exchange(Exchange exchange) {
        for (Question<?> question : questions()) {
            question.take(exchange);
        }
    }

    /** A command, and its answer once it is there. */
    public static final class Question<A> implements Supplier<A> {
        private final @Nullable Supplier<? extends CommandArguments> command;
        private final Builder<A> builder;
        private final @Nullable Call call;
        private @Nullable A answer;
        private @Nullable JedisDataException refusal;
        private @Nullable Reading<A, ?> reading;

        private Question(
                @Nullable Supplier<? extends CommandArguments> command, Builder<A> builder, @Nullable Call call) {
            this.command = command;
            this.builder = builder;
            this.call = call;
        }

        /** @throws JedisDataException if Redis has refused it */
        @Override
        @SuppressWarnings("NullAway") // some commands answer with nothing, and then the reader knows
        public A get() {
            if (refusal != null) {
                throw refusal;
            }
            return answer;
        }

        /**
         * What is to be made of the answer. That happens once for each answer: as soon as it is there if somebody waits for it, else when
         * it is asked for. What the function throws, the one who asks is told.
         *
         * @param make gets the question itself, and those that were asked before it may be looked at
         */
        <R> Supplier<R> as(Function<? super Question<A>, R> make) {
            Reading<A, R> made = new Reading<>(this, make);
            reading = made;
            return made;
        }

        /** The script that it runs; null if it is a plain command. */
        public @Nullable Call call() {
            return call;
        }

        /** Its words as they go over the wire. For plain commands only. */
        public List<byte[]> words() {
            return words(arguments(true));
        }

        /** Takes what Redis has answered: bytes, a number, a list, null, or a {@link JedisDataException}. */
        public void answered(@Nullable Object raw) {
            JedisDataException error = raw instanceof JedisDataException refused ? refused : null;
            answered(error == null ? builder.build(raw) : null, error);
        }

        private void answered(@Nullable A now, @Nullable JedisDataException error) {
            answer = now;
            refusal = error;
            if (reading != null) {
                reading.forget();
            }
        }

        private CommandArguments arguments(boolean known) {
            return command != null ? command.get() : script().object(known).getArguments();
        }

        private Call script() {
            if (call == null) {
                throw new IllegalStateException("neither a command nor a script");
            }
            return call;
        }

        /** @return false if Redis does not know the script */
        private boolean take(Connection connection) {
            Object raw = receive(connection);
            if (call != null && raw instanceof JedisDataException refused && Script.isUnknown(refused)) {
                return false;
            }
            answered(raw);
            if (reading != null) {
                reading.make();
            }
            return true;
        }

        private void takeByText(Connection connection) {
            connection.sendCommand(arguments(false));
            answered(receive(connection));
        }

        private static @Nullable Object receive(Connection connection) {
            try {
                return connection.getOne();
            } catch (JedisDataException e) {
                return e;
            }
        }

        private void take(Exchange exchange) {
            try {
                answered(execute(exchange), null);
            } catch (JedisDataException e) {
                answered(null, e);
            }
        }

        @SuppressWarnings("unchecked") // a script's answer is taken as it is
        private A execute(Exchange exchange) {
            return command != null
                    ? exchange.execute(new CommandObject<>(command.get(), builder))
                    : (A) script().script().run(exchange, script().keys(), script().arguments());
        }

        static List<byte[]> words(CommandArguments arguments) {
            List<byte[]> words = new ArrayList<>(arguments.size());
            for (Rawable word : arguments) {
                words.add(word.getRaw());
            }
            return words;
        }
    }

    /** What is made of an answer; made once. */
    private static final class Reading<A, R> implements Supplier<R> {
        private final Question<A> question;
        private final Function<? super Question<A>, R> function;
        private boolean isMade;
        private @Nullable R made;
        private @Nullable RuntimeException failure;

        Reading(Question<A> question, Function<? super Question<A>, R> function) {
            this.question = question;
            this.function = function;
        }

        void forget() {
            isMade = false;
            made = null;
            failure = null;
        }

        void make() {
            try {
                made = function.apply(question);
            } catch (RuntimeException e) {
                // Thrown here, it would leave the answers behind it unread.
                failure = e;
            }
            isMade = true;
            question.answer = null;
        }

        @Override
        @SuppressWarnings("NullAway") // null if the function came to that
        public R get() {
            if (!isMade) {
                make();
            }
            if (failure != null) {
                throw failure;
            }
            return made;
        }
    }
}
