package im.whinchat.uniapp.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import im.whinchat.uniapp.WhinchatModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The shell's classes, as they ship. */
class ShellTest {
    private static final List<String> MAY_NAME_ANDROID = List.of("WhinchatAppHook", "LateHook", "AndroidApp", "AndroidPlatform", "Lookers");

    private static List<Path> files() throws IOException {
        return Javap.files(Javap.classes("shell-android"));
    }

    @Test
    void members_of_the_runtime_are_asked_for_by_the_types_that_it_has() throws IOException {
        String code = Javap.run(files(), "-c", "-p");
        assertTrue(code.contains("mUniSDKInstance:Lio/dcloud/feature/uniapp/AbsSDKInstance;"));
        assertTrue(Pattern.compile("invokeinterface .*io/dcloud/feature/uniapp/AbsSDKInstance\\.getInstanceId").matcher(code).find());
        assertFalse(Pattern.compile("mUniSDKInstance:L(?!io/dcloud/feature/uniapp/AbsSDKInstance;)").matcher(code).find());
        assertFalse(Pattern.compile("invokevirtual .*io/dcloud/feature/uniapp/AbsSDKInstance\\.").matcher(code).find());
    }

    @Test
    void nothing_of_kotlins_library_is_called() throws IOException {
        String code = Javap.run(files(), "-c", "-p");
        assertEquals(List.of(), found(code, "(Method|Field|class) kotlin/\\S*"));
    }

    @Test
    void android_is_named_where_the_system_is_and_nowhere_else() throws IOException {
        for (Path file : files()) {
            String name = file.getFileName().toString();
            if (MAY_NAME_ANDROID.stream().noneMatch(name::startsWith)) {
                assertEquals(List.of(), found(Javap.run(List.of(file), "-c", "-p"), "(L| )android/\\S*"), name);
            }
        }
    }

    @Test
    void it_is_read_by_every_android_and_holds_no_class_of_others() throws IOException {
        for (Path file : files()) {
            assertTrue(Javap.classes("shell-android").relativize(file).startsWith("im/whinchat/uniapp"), file.toString());
        }
        assertTrue(found(Javap.run(files(), "-v", "-p"), "major version: \\d+").stream().allMatch("major version: 52"::equals));
    }

    @Test
    void the_runtime_can_make_the_module_and_finds_no_overloads() throws Refused {
        ModuleClass module = ModuleClass.of("Whinchat-IM", WhinchatModule.class, "Whinchat-IM");
        assertTrue(module.methods().contains("login") && module.methods().size() > 200, module.methods().toString());
        for (String method : module.methods()) {
            assertFalse(module.method(method).onMain(), method + " would wait for the main thread");
        }
    }

    private static List<String> found(String text, String pattern) {
        List<String> found = new ArrayList<>();
        Pattern.compile(pattern).matcher(text).results().forEach(result -> found.add(result.group()));
        return found;
    }
}
