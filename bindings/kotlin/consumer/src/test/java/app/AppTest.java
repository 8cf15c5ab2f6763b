package app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import im.whinchat.ConversationId;
import im.whinchat.Message;
import im.whinchat.MessageState;
import im.whinchat.UserId;
import im.whinchat.Whinchat;
import im.whinchat.WhinchatConfig;
import im.whinchat.WhinchatFutures;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppTest {
    @Test
    void theJarBringsEverythingThatAnAppNeeds(@TempDir Path folder) throws Exception {
        Process server = new ProcessBuilder(
                        System.getProperty("whinchat.binary"),
                        "serve", "--listen", "127.0.0.1:0", "--automatic-signatures",
                        "--data", folder.resolve("server").toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = new BufferedReader(new InputStreamReader(server.getInputStream()))) {
            String address = null;
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.contains("ready at ")) {
                    address = line.substring(line.indexOf("ws://")).trim();
                }
                if (line.stripLeading().startsWith("Ctrl-C")) {
                    break;
                }
            }
            WhinchatConfig.Builder settings =
                    new WhinchatConfig.Builder(address, 1400000001L, folder.resolve("alice").toFile());
            WhinchatFutures chat = WhinchatFutures.of(Whinchat.open(settings.build()));
            WhinchatConfig.Builder other =
                    new WhinchatConfig.Builder(address, 1400000001L, folder.resolve("bob").toFile());
            WhinchatFutures bob = WhinchatFutures.of(Whinchat.open(other.build()));
            bob.login(new UserId("bob"), "").join();
            Message sent = chat.login(new UserId("alice"), "")
                    .thenCompose(done -> chat.send(ConversationId.of(new UserId("bob")), "hello"))
                    .thenCompose(chat::stored)
                    .join();
            assertEquals(MessageState.Sent.INSTANCE, sent.getState());
            chat.close().join();
            bob.close().join();
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    @Test
    void theAarHasWhatAndroidLooksFor() throws Exception {
        try (ZipFile aar = new ZipFile(System.getProperty("aar"))) {
            Set<String> names = aar.stream().map(ZipEntry::getName).collect(Collectors.toSet());
            assertTrue(names.containsAll(Set.of("AndroidManifest.xml", "classes.jar", "proguard.txt", "R.txt")));
            assertTrue(names.stream().noneMatch(name -> name.contains("linux-")), names.toString());
        }
    }
}
