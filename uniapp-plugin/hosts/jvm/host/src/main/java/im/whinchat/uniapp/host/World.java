package im.whinchat.uniapp.host;

import android.app.Activity;
import android.app.Application;
import android.content.Context;
import android.content.pm.ApplicationInfo;
import android.content.pm.PackageManager;
import android.content.res.Configuration;
import android.content.res.Resources;
import android.net.ConnectivityManager;
import android.net.Network;
import android.net.NetworkRequest;
import android.os.Bundle;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** As much of Android as an app is told: its files, its manifest, its screen, its network. Used on the main thread. */
final class World extends Application {
    private static final int PHONE_DP = 400;
    private static final int TABLET_DP = 800;

    private final File files;
    private final ApplicationInfo info = new ApplicationInfo();
    private final Resources resources;
    private final List<ActivityLifecycleCallbacks> watchers = new CopyOnWriteArrayList<>();
    private final Networks networks = new Networks();
    private final Activity activity = new Screen();
    private boolean shown;

    World(File files, boolean tablet, Map<String, String> manifest) {
        this.files = files;
        info.metaData = new Bundle();
        manifest.forEach(info.metaData::putString);
        Configuration configuration = new Configuration();
        configuration.smallestScreenWidthDp = tablet ? TABLET_DP : PHONE_DP;
        resources = new Resources() {
            @Override
            public Configuration getConfiguration() {
                return configuration;
            }
        };
    }

    Activity activity() {
        return activity;
    }

    /** The app's activity comes to the screen, or leaves it. */
    void show(boolean shown) {
        if (this.shown == shown) {
            return;
        }
        this.shown = shown;
        if (shown) {
            tell(watcher -> watcher.onActivityStarted(activity));
            tell(watcher -> watcher.onActivityResumed(activity));
        } else {
            tell(watcher -> watcher.onActivityPaused(activity));
            tell(watcher -> watcher.onActivityStopped(activity));
        }
    }

    private void tell(Consumer<ActivityLifecycleCallbacks> what) {
        watchers.forEach(what);
    }

    /** The device is on another network. */
    void changeNetwork() {
        networks.watchers.forEach(watcher -> watcher.onAvailable(new Network()));
    }

    @Override
    public Context getApplicationContext() {
        return this;
    }

    @Override
    public File getFilesDir() {
        return files;
    }

    @Override
    public String getPackageName() {
        return "im.whinchat.host";
    }

    @Override
    public PackageManager getPackageManager() {
        return new PackageManager() {
            @Override
            public ApplicationInfo getApplicationInfo(String packageName, int flags) throws NameNotFoundException {
                if (!packageName.equals(getPackageName())) {
                    throw new NameNotFoundException();
                }
                return info;
            }
        };
    }

    @Override
    public Resources getResources() {
        return resources;
    }

    @Override
    public Object getSystemService(String name) {
        return CONNECTIVITY_SERVICE.equals(name) ? networks : null;
    }

    @Override
    public void registerActivityLifecycleCallbacks(ActivityLifecycleCallbacks callbacks) {
        watchers.add(callbacks);
    }

    @Override
    public void unregisterActivityLifecycleCallbacks(ActivityLifecycleCallbacks callbacks) {
        watchers.remove(callbacks);
    }

    private final class Screen extends Activity {
        @Override
        public Context getApplicationContext() {
            return World.this;
        }
    }

    private static final class Networks extends ConnectivityManager {
        private final List<NetworkCallback> watchers = new CopyOnWriteArrayList<>();

        @Override
        public void registerNetworkCallback(NetworkRequest request, NetworkCallback callback) {
            watchers.add(callback);
        }
    }
}
