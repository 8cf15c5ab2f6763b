package im.whinchat.uniapp.host;

import io.dcloud.feature.uniapp.annotation.UniJSMethod;
import io.dcloud.feature.uniapp.common.UniModule;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A module as the runtime finds it by reflection. */
final class ModuleClass {
    /** A method under the name that JavaScript calls it by. */
    record Exported(String name, Method method, boolean onMain) {}

    final String name;
    private final Constructor<?> constructor;
    private final Map<String, Exported> methods;

    private ModuleClass(String name, Constructor<?> constructor, Map<String, Exported> methods) {
        this.name = name;
        this.constructor = constructor;
        this.methods = methods;
    }

    static ModuleClass of(String name, Class<?> found, String pluginId) throws Refused {
        if (!name.startsWith(pluginId)) {
            throw new Refused("the module " + name + " has to be called as the plugin, " + pluginId + ", or begin so");
        }
        if (!UniModule.class.isAssignableFrom(found)) {
            throw new Refused(found.getName() + " is no UniModule");
        }
        Constructor<?> constructor;
        try {
            constructor = found.getConstructor();
        } catch (NoSuchMethodException error) {
            throw new Refused(found.getName() + " has no public constructor without parameters");
        }
        if (!Modifier.isPublic(found.getModifiers()) || Modifier.isAbstract(found.getModifiers())) {
            throw new Refused(found.getName() + " cannot be made by the runtime: it has to be public and not abstract");
        }
        Map<String, Exported> methods = new TreeMap<>();
        for (Method method : found.getMethods()) {
            UniJSMethod mark = method.getAnnotation(UniJSMethod.class);
            if (mark == null || method.isBridge()) {
                continue;
            }
            String key = UniJSMethod.NOT_SET.equals(mark.alias()) ? method.getName() : mark.alias();
            if (methods.put(key, new Exported(key, method, mark.uiThread())) != null) {
                throw new Refused(found.getName() + " has two methods " + key + ": the runtime takes either");
            }
        }
        return new ModuleClass(name, constructor, methods);
    }

    UniModule make() throws ReflectiveOperationException {
        return (UniModule) constructor.newInstance();
    }

    Set<String> methods() {
        return methods.keySet();
    }

    Exported method(String name) {
        return methods.get(name);
    }
}
