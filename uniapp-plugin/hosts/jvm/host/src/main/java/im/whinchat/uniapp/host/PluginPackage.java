package im.whinchat.uniapp.host;

import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONArray;
import com.alibaba.fastjson.JSONObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A plugin's folder: what {@code package.json} says, and the classes beside it. */
final class PluginPackage {
    private final JSONObject android;
    private final ClassLoader classes;

    private PluginPackage(JSONObject android, ClassLoader classes) {
        this.android = android;
        this.classes = classes;
    }

    static PluginPackage read(Path folder) throws IOException, Refused {
        Path file = folder.resolve("package.json");
        String text = Files.readString(file);
        int fault = StrictJson.fault(text);
        if (fault >= 0) {
            throw new Refused(file + " is no strict JSON from character " + fault + " on");
        }
        if (!(JSON.parse(text) instanceof JSONObject all)) {
            throw new Refused(file + " is no object");
        }
        JSONObject native_ = all.getJSONObject("_dp_nativeplugin");
        if (native_ == null || native_.getJSONObject("android") == null) {
            throw new Refused(file + " has no _dp_nativeplugin.android");
        }
        JSONObject android = native_.getJSONObject("android");
        android.put("id", all.getString("id"));
        return new PluginPackage(android, new URLClassLoader(jars(folder.resolve("android")), PluginPackage.class.getClassLoader()));
    }

    /** Every aar's classes and every jar, as the packager links them. */
    private static URL[] jars(Path android) throws IOException {
        List<URL> jars = new ArrayList<>();
        for (Path folder : List.of(android, android.resolve("libs"))) {
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{aar,jar}")) {
                for (Path file : files) {
                    jars.add((file.toString().endsWith(".aar") ? classesOf(file) : file).toUri().toURL());
                }
            }
        }
        return jars.toArray(URL[]::new);
    }

    private static Path classesOf(Path aar) throws IOException {
        try (ZipFile zip = new ZipFile(aar.toFile())) {
            ZipEntry classes = zip.getEntry("classes.jar");
            if (classes == null) {
                throw new IOException(aar + " has no classes.jar");
            }
            Path jar = Files.createTempFile("whinchat-host-", ".jar");
            jar.toFile().deleteOnExit();
            try (InputStream in = zip.getInputStream(classes)) {
                Files.copy(in, jar, StandardCopyOption.REPLACE_EXISTING);
            }
            return jar;
        }
    }

    String id() {
        return android.getString("id");
    }

    /** The names of its modules, with their classes, in order. */
    Map<String, Class<?>> modules() throws Refused {
        Map<String, Class<?>> modules = new LinkedHashMap<>();
        JSONArray plugins = android.getJSONArray("plugins");
        for (int index = 0; plugins != null && index < plugins.size(); index++) {
            JSONObject plugin = plugins.getJSONObject(index);
            if (!"module".equals(plugin.getString("type"))) {
                continue;
            }
            if (modules.put(plugin.getString("name"), load(plugin.getString("class"))) != null) {
                throw new Refused("two modules are called " + plugin.getString("name"));
            }
        }
        return modules;
    }

    /** The class that is told of the app, or null. */
    Class<?> hook() throws Refused {
        String name = android.getString("hooksClass");
        return name == null || name.isEmpty() ? null : load(name);
    }

    /** The name in the app's manifest of what the package calls a parameter. */
    String manifestKey(String parameter) {
        JSONObject parameters = android.getJSONObject("parameters");
        JSONObject found = parameters == null ? null : parameters.getJSONObject(parameter);
        return found == null ? null : found.getString("key");
    }

    private Class<?> load(String name) throws Refused {
        try {
            return Class.forName(name, true, classes);
        } catch (ClassNotFoundException | LinkageError error) {
            throw new Refused("the class " + name + " is not in the package, or cannot be loaded: " + error);
        }
    }
}
