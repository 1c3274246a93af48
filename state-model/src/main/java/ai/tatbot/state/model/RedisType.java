package ai.tatbot.state.model;

/** Redis data type of a key. */
public enum RedisType {
    HASH,
    STREAM,
    SET
}
