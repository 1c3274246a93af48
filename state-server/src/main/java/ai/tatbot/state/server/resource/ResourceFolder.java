package ai.tatbot.state.server.resource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** A folder on the class path, in a jar or in a folder of classes. Which files it has is found out by looking. Immutable. */
public final class ResourceFolder {
    private final String root;
    private final String landmark;

    /**
     * @param root where it is, from a slash to a slash
     * @param landmark path of a file in it that is always there: where it is, the others are
     */
    public ResourceFolder(String root, String landmark) {
        this.root = root;
        this.landmark = landmark;
    }

    /** Paths of all its files, from this folder on, in the order of the alphabet. */
    public List<String> paths() {
        URL url = ResourceFolder.class.getResource(root + landmark);
        if (url == null) {
            throw new IllegalStateException(root + landmark + " is not on the class path");
        }
        try {
            return url.openConnection() instanceof JarURLConnection jar ? inJar(jar) : inFolder(folder(url));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path folder(URL url) {
        Path folder = Path.of(URI.create(url.toString()));
        for (int depth = Path.of(landmark).getNameCount(); depth > 0; depth--) {
            folder = folder.resolve("..").normalize();
        }
        return folder;
    }

    private List<String> inJar(JarURLConnection connection) throws IOException {
        String inside = root.substring(1);
        // Not the class loader's, which must stay open.
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile();
                Stream<String> names = jar.stream().map(JarEntry::getName)) {
            return names.filter(name -> name.startsWith(inside) && !name.endsWith("/"))
                    .map(name -> name.substring(inside.length()))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> inFolder(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    /** Contents of the file at this path. */
    public byte[] read(String path) {
        try (InputStream in = ResourceFolder.class.getResourceAsStream(root + path)) {
            if (in == null) {
                throw new IllegalStateException(root + path + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
