package ai.tatbot.state.client.internal;

import redis.clients.jedis.CommandObject;

/** Sends a command and reads its answer. */
interface Exchange {
    <T> T execute(CommandObject<T> command);
}
