package im.whinchat.uniapp.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONObject;
import im.whinchat.uniapp.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library's functions, called by a real JVM. */
class NativeTest {
    private static final int NOT_INITIALISED = 6013;
    private static final int BAD_PARAMETER = 6017;
    private static final int HEAD = 9;
    private static final int PIECE = 64 * 1024;
    private static final int LONG_TEXT = 1_000_000;

    @BeforeAll
    static void load() {
        System.load(library());
    }

    private static String library() {
        Path folder = Path.of(System.getProperty("whinchat.library"));
        return folder.resolve(System.mapLibraryName("whinchat")).toAbsolutePath().normalize().toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long context(Path folder) {
        String config = JSON.toJSONString(Map.of("documents", folder.toString(), "platform", "android", "core", folder.toString()));
        long context = Native.create(bytes(config));
        assertTrue(context > 0, "code " + -context);
        return context;
    }

    private static JSONObject answer(byte[] delivery) {
        assertNotNull(delivery, "the context is there");
        return JSON.parseObject(new String(delivery, HEAD, delivery.length - HEAD, StandardCharsets.UTF_8));
    }

    @Test
    void what_is_wrong_is_a_number_and_never_the_end_of_the_process(@TempDir Path folder) {
        assertEquals(-BAD_PARAMETER, Native.create(null));
        assertEquals(-BAD_PARAMETER, Native.create(new byte[] {(byte) 0xff}));
        assertTrue(Native.create(new byte[0]) < 0);
        long context = context(folder);
        assertEquals(BAD_PARAMETER, Native.call(context, 1, null, null));
        assertEquals(BAD_PARAMETER, Native.call(context, 1, new byte[] {(byte) 0xc0, (byte) 0x80}, null));
        assertEquals(BAD_PARAMETER, Native.call(context, 1, bytes("getVersion"), new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}));
        assertEquals(BAD_PARAMETER, Native.call(context, -1, bytes("getVersion"), null));
        assertEquals(BAD_PARAMETER, Native.tell(context, 17));
        assertEquals(0, Native.call(context, 7, new byte[0], new byte[0]));
        byte[] delivery = Native.next(context);
        assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 0, 0, 7, 0}, java.util.Arrays.copyOf(delivery, HEAD));
        assertEquals(false, answer(delivery).getBoolean("status"));
        assertEquals(0, Native.destroy(context));
        for (long gone : new long[] {context, 0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertEquals(NOT_INITIALISED, Native.call(gone, 1, bytes("getVersion"), null));
            assertEquals(NOT_INITIALISED, Native.tell(gone, 0));
            assertEquals(NOT_INITIALISED, Native.destroy(gone));
            assertNull(Native.next(gone));
        }
    }

    @Test
    void an_answer_that_java_has_no_room_for_is_thrown_and_comes_again(@TempDir Path folder) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder child = new ProcessBuilder(
                java, "-Xmx64m", "-Xcheck:jni", "-cp", System.getProperty("java.class.path"), Full.class.getName(), library(), folder.toString());
        Process process = child.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertEquals("thrown twice, then there", said.strip());
    }

    /** A process whose memory is full: in one with others, they would have none either. */
    public static final class Full {
        private Full() {}

        public static void main(String[] args) {
            System.load(args[0]);
            long context = context(Path.of(args[1]));
            String text = "x".repeat(LONG_TEXT);
            // It is not served, and its answer names it.
            assertEquals(0, Native.call(context, 3, bytes(text), null));
            List<byte[]> full = new ArrayList<>(1 << 16);
            fill(full);
            int thrown = 0;
            for (int attempt = 0; attempt < 2; attempt++) {
                try {
                    Native.next(context);
                } catch (OutOfMemoryError error) {
                    thrown++;
                }
            }
            full.clear();
            byte[] delivery = Native.next(context);
            boolean there = answer(delivery).getString("msg").contains(text);
            System.out.println((thrown == 2 ? "thrown twice" : "thrown " + thrown) + (there ? ", then there" : ", and lost"));
            System.exit(Native.destroy(context));
        }

        /** Takes all the memory there is, but for less than a long text. */
        private static void fill(List<byte[]> full) {
            try {
                while (true) {
                    full.add(new byte[PIECE]);
                }
            } catch (OutOfMemoryError error) {
                full.remove(full.size() - 1);
            }
        }
    }

    @Test
    void who_waits_for_a_context_is_let_go_when_another_thread_ends_it(@TempDir Path folder) throws InterruptedException {
        long context = context(folder);
        CountDownLatch waits = new CountDownLatch(1);
        byte[][] came = {new byte[1]};
        Thread waiting = new Thread(() -> {
            waits.countDown();
            came[0] = Native.next(context);
        });
        waiting.start();
        waits.await();
        assertEquals(0, Native.destroy(context));
        waiting.join();
        assertNull(came[0]);
    }
}
