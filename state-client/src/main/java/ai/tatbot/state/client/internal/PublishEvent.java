package ai.tatbot.state.client.internal;

import java.util.List;

/** A transition that belongs to no document. */
final class PublishEvent extends PublishItem {
    private final String type;
    private final String channelName;
    final List<byte[]> keys;
    final List<byte[]> arguments;

    /** @param arguments of {@code append.lua} */
    PublishEvent(String type, String channelName, List<byte[]> keys, List<byte[]> arguments) {
        this.type = type;
        this.channelName = channelName;
        this.keys = keys;
        this.arguments = arguments;
    }

    @Override
    boolean isTransition() {
        return true;
    }

    @Override
    String what() {
        return "publishing " + type + " on " + channelName;
    }

    @Override
    String source() {
        return channelName;
    }
}
