package ai.tatbot.state.client.internal;

/** Whole numbers as the bytes that Redis takes. */
final class Decimal {
    private static final byte[][] SMALL = new byte[1_024][];

    static {
        for (int i = 0; i < SMALL.length; i++) {
            SMALL[i] = Namespace.bytes(Integer.toString(i));
        }
    }

    private Decimal() {}

    /** Not to be changed: small numbers, which nearly all are, share their bytes. */
    static byte[] bytes(long number) {
        return number >= 0 && number < SMALL.length ? SMALL[(int) number] : Namespace.bytes(Long.toString(number));
    }
}
