package ai.tatbot.state.client.internal;

/** A transition that belongs to no document. */
final class PublishEvent extends PublishItem {
    private final String type;
    private final String channelName;
    final byte[] channel;

    /** What is published, without its opening brace. */
    final byte[] tail;

    PublishEvent(String type, String channelName, byte[] channel, byte[] tail) {
        this.type = type;
        this.channelName = channelName;
        this.channel = channel;
        this.tail = tail;
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
