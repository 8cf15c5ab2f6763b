package im.whinchat.uniapp.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The names and types that the shell is linked against: one that is wrong fails in an app, and nowhere before. */
class SignaturesTest {
    private static final Path LOCK = Path.of("signatures.txt");

    /** Names, kinds and descriptors; not which file they were compiled from. */
    private static String signatures(String module) throws IOException {
        return Javap.run(Javap.files(Javap.classes(module)), "-s", "-protected").replaceAll("(?m)^Compiled from .*\n", "");
    }

    @Test
    void stubs_are_what_was_written_down() throws IOException {
        String signatures = signatures("vendor-stubs");
        if (System.getenv("WHINCHAT_WRITE_SIGNATURES") != null) {
            Files.writeString(LOCK, signatures);
        }
        assertEquals(Files.readString(LOCK), signatures, "another signature: is it the runtime's? then WHINCHAT_WRITE_SIGNATURES=1 writes it down");
    }

    @Test
    void what_works_has_the_same_signatures() throws IOException {
        assertEquals(Files.readString(LOCK), signatures("vendor-bodies"));
    }
}
