package ai.tatbot.state.server.supervision;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The socket of sd_notify(3): a datagram socket in the file system, which Java itself cannot speak to. Linux. Thread-safe. */
final class NotifySocket {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** Longest path that an address of this kind holds. */
    private static final int LONGEST = 107;

    private final byte[] address;

    /**
     * @param path as in NOTIFY_SOCKET: absolute, or with {@code @} before a name that is in no folder
     * @throws IllegalArgumentException if it is no such path
     */
    NotifySocket(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < 2 || bytes.length > LONGEST || (bytes[0] != '/' && bytes[0] != '@')) {
            throw new IllegalArgumentException("NOTIFY_SOCKET is no absolute path of at most " + LONGEST + " bytes");
        }
        boolean isAbstract = bytes[0] == '@';
        if (isAbstract) {
            bytes[0] = 0;
        }
        this.address = ByteBuffer.allocate(2 + bytes.length + (isAbstract ? 0 : 1))
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_UNIX)
                .put(bytes)
                .array();
    }

    /** Sends a message, without waiting for anybody. */
    void send(String message) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        try {
            int socket = C.LIBRARY.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            try {
                C.LIBRARY.sendto(socket, bytes, bytes.length, MSG_NOSIGNAL, address, address.length);
            } finally {
                C.LIBRARY.close(socket);
            }
        } catch (LastErrorException | LinkageError e) {
            throw new IOException("the service manager cannot be told: " + e.getMessage(), e);
        }
    }

    /** Functions of the system's library. */
    private interface C extends Library {
        C LIBRARY = Native.load("c", C.class);

        int socket(int domain, int type, int protocol) throws LastErrorException;

        long sendto(int socket, byte[] message, long length, int flags, byte[] address, int addressLength)
                throws LastErrorException;

        int close(int socket) throws LastErrorException;
    }
}
