package android.content;

import android.content.pm.PackageManager;
import android.content.res.Resources;
import java.io.File;

public class ContextWrapper extends Context {
    private final Context base;

    public ContextWrapper(Context base) {
        this.base = base;
    }

    @Override
    public Context getApplicationContext() {
        return base.getApplicationContext();
    }

    @Override
    public File getFilesDir() {
        return base.getFilesDir();
    }

    @Override
    public String getPackageName() {
        return base.getPackageName();
    }

    @Override
    public PackageManager getPackageManager() {
        return base.getPackageManager();
    }

    @Override
    public Resources getResources() {
        return base.getResources();
    }

    @Override
    public Object getSystemService(String name) {
        return base.getSystemService(name);
    }
}
