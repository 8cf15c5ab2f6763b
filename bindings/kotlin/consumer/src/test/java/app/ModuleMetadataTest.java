package app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The metadata for Gradle, held against what its specification (1.1) says of every part that is in it. No Gradle has read it here.
 */
class ModuleMetadataTest {
    private static final Map<String, Set<String>> ATTRIBUTES = Map.of(
            "org.gradle.category", Set.of("library", "documentation"),
            "org.gradle.usage", Set.of("java-api", "java-runtime"),
            "org.gradle.dependency.bundling", Set.of("external"),
            "org.gradle.libraryelements", Set.of("jar", "aar"),
            "org.gradle.docstype", Set.of("sources"),
            "org.gradle.jvm.environment", Set.of("standard-jvm", "android"),
            "org.jetbrains.kotlin.platform.type", Set.of("jvm", "androidJvm"));

    private static void onlyKeys(JsonObject object, Set<String> allowed) {
        assertTrue(allowed.containsAll(object.keySet()), object.keySet() + " are not among " + allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"whinchat-jvm", "whinchat-android"})
    void everyPartIsAsTheSpecificationSays(String module) throws Exception {
        Path folder = Path.of(System.getProperty("whinchat.repository"), "im/whinchat", module, "0.1.0");
        String stem = module + "-0.1.0";
        // Gradle looks for the metadata only if the POM says that there is some.
        assertTrue(Files.readString(folder.resolve(stem + ".pom")).contains("do_not_remove: published-with-gradle-metadata"));
        JsonObject root = JsonParser.parseString(Files.readString(folder.resolve(stem + ".module"))).getAsJsonObject();
        onlyKeys(root, Set.of("formatVersion", "component", "createdBy", "variants"));
        assertEquals("1.1", root.get("formatVersion").getAsString());
        JsonObject component = root.getAsJsonObject("component");
        onlyKeys(component, Set.of("group", "module", "version", "attributes"));
        assertEquals("im.whinchat:" + module + ":0.1.0", component.get("group").getAsString() + ":"
                + component.get("module").getAsString() + ":" + component.get("version").getAsString());
        Set<String> names = new HashSet<>();
        for (JsonElement element : root.getAsJsonArray("variants")) {
            JsonObject variant = element.getAsJsonObject();
            onlyKeys(variant, Set.of("name", "attributes", "dependencies", "files"));
            assertTrue(names.add(variant.get("name").getAsString()), "a variant's name is its own");
            checkAttributes(variant.getAsJsonObject("attributes"));
            if (variant.has("dependencies")) {
                variant.getAsJsonArray("dependencies").forEach(one -> checkDependency(one.getAsJsonObject()));
            }
            for (JsonElement file : variant.getAsJsonArray("files")) {
                checkFile(folder, file.getAsJsonObject());
            }
        }
        assertEquals(Set.of("apiElements", "runtimeElements", "sourcesElements"), names);
    }

    private static void checkAttributes(JsonObject attributes) {
        for (Map.Entry<String, JsonElement> attribute : attributes.entrySet()) {
            if (attribute.getKey().equals("org.gradle.jvm.version")) {
                assertTrue(attribute.getValue().getAsJsonPrimitive().isNumber());
            } else {
                Set<String> values = ATTRIBUTES.get(attribute.getKey());
                assertTrue(values != null && values.contains(attribute.getValue().getAsString()), attribute.toString());
            }
        }
    }

    private static void checkDependency(JsonObject dependency) {
        onlyKeys(dependency, Set.of("group", "module", "version", "thirdPartyCompatibility"));
        onlyKeys(dependency.getAsJsonObject("version"), Set.of("requires"));
        if (dependency.has("thirdPartyCompatibility")) {
            JsonObject selector = dependency.getAsJsonObject("thirdPartyCompatibility").getAsJsonObject("artifactSelector");
            onlyKeys(selector, Set.of("name", "type", "extension", "classifier"));
            assertTrue(selector.keySet().containsAll(Set.of("name", "type")));
        }
    }

    private static void checkFile(Path folder, JsonObject file) throws Exception {
        onlyKeys(file, Set.of("name", "url", "size", "sha512", "sha256", "sha1", "md5"));
        byte[] bytes = Files.readAllBytes(folder.resolve(file.get("url").getAsString()));
        assertTrue(file.get("size").getAsJsonPrimitive().isNumber());
        assertEquals(bytes.length, file.get("size").getAsLong());
        Map<String, String> sums = Map.of("sha512", "SHA-512", "sha256", "SHA-256", "sha1", "SHA-1", "md5", "MD5");
        for (Map.Entry<String, String> sum : sums.entrySet()) {
            String expected = HexFormat.of().formatHex(MessageDigest.getInstance(sum.getValue()).digest(bytes));
            assertEquals(expected, file.get(sum.getKey()).getAsString());
        }
    }
}
