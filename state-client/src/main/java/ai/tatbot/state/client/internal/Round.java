package ai.tatbot.state.client.internal;

import ai.tatbot.state.client.internal.RedisConnections.Safety;
import ai.tatbot.state.client.internal.Script.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
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
        return questions;
    }

    /** Adds a command. */
    <A> Supplier<A> ask(CommandObject<A> command) {
        Question<A> question = new Question<>(command, null);
        questions.add(question);
        return question;
    }

    /** Adds a script. */
    Supplier<Object> call(Call call) {
        Question<Object> question = new Question<>(null, call);
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

    /** Sends it, and reads all answers. */
    void exchange(Connection connection) {
        Pipeline pipeline = new Pipeline(connection);
        List<Response<?>> responses = new ArrayList<>(questions.size());
        for (Question<?> question : questions) {
            responses.add(pipeline.executeCommand(question.command(true)));
        }
        pipeline.sync();
        for (int i = 0; i < questions.size(); i++) {
            questions.get(i).take(connection, responses.get(i));
        }
    }

    /** Sends it, one command after the other. */
    void exchange(Exchange exchange) {
        for (Question<?> question : questions) {
            question.take(exchange);
        }
    }

    /** A command, and its answer once it is there. */
    public static final class Question<A> implements Supplier<A> {
        private final @Nullable CommandObject<A> command;
        private final @Nullable Call call;
        private @Nullable A answer;
        private @Nullable JedisDataException refusal;

        private Question(@Nullable CommandObject<A> command, @Nullable Call call) {
            this.command = command;
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

        /** The script that it runs; null if it is a plain command. */
        public @Nullable Call call() {
            return call;
        }

        /** Its words as they go over the wire. For plain commands only. */
        public List<byte[]> words() {
            return words(command(true).getArguments());
        }

        /** Takes what Redis has answered: bytes, a number, a list, null, or a {@link JedisDataException}. */
        @SuppressWarnings("unchecked") // a script's answer is taken as it is
        public void answered(@Nullable Object raw) {
            refusal = raw instanceof JedisDataException error ? error : null;
            answer = refusal != null
                    ? null
                    : command == null ? (A) raw : command.getBuilder().build(raw);
        }

        @SuppressWarnings("unchecked") // as above
        private CommandObject<A> command(boolean known) {
            return command != null ? command : (CommandObject<A>) script().object(known);
        }

        private Call script() {
            if (call == null) {
                throw new IllegalStateException("neither a command nor a script");
            }
            return call;
        }

        @SuppressWarnings("unchecked") // as above
        private void take(Connection connection, Response<?> response) {
            try {
                refusal = null;
                answer = (A) response.get();
            } catch (JedisDataException e) {
                if (call != null && Script.isUnknown(e)) {
                    takeFrom(() -> connection.executeCommand(command(false)));
                } else {
                    refusal = e;
                }
            }
        }

        @SuppressWarnings("unchecked") // as above
        private void take(Exchange exchange) {
            if (call == null) {
                takeFrom(() -> exchange.execute(command(true)));
            } else {
                takeFrom(() -> (A) script().script().run(exchange, call.keys(), call.arguments()));
            }
        }

        private void takeFrom(Supplier<A> source) {
            try {
                refusal = null;
                answer = source.get();
            } catch (JedisDataException e) {
                refusal = e;
            }
        }

        static List<byte[]> words(CommandArguments arguments) {
            List<byte[]> words = new ArrayList<>();
            for (Rawable word : arguments) {
                words.add(word.getRaw());
            }
            return words;
        }
    }
}
