package im.whinchat.uniapp.host;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** What javap says of folders of classes. */
final class Javap {
    private Javap() {}

    /** A folder of built classes; Maven says where. */
    static Path classes(String module) {
        return Path.of(System.getProperty("whinchat.target"), module, "classes");
    }

    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(".class")).sorted().toList();
        }
    }

    static String run(List<Path> files, String... flags) {
        List<String> words = new ArrayList<>(List.of(flags));
        files.forEach(file -> words.add(file.toString()));
        StringWriter out = new StringWriter();
        ToolProvider javap = ToolProvider.findFirst("javap").orElseThrow();
        int code = javap.run(new PrintWriter(out), new PrintWriter(out), words.toArray(String[]::new));
        if (code != 0) {
            throw new AssertionError(out.toString());
        }
        return out.toString();
    }
}
