package android.content;

import android.content.pm.PackageManager;
import android.content.res.Resources;
import java.io.File;

public class ContextWrapper extends Context {
    public ContextWrapper(Context base) {
        throw new UnsupportedOperationException("stub");
    }

    @Override
    public Context getApplicationContext() {
        throw new UnsupportedOperationException("stub");
    }

    @Override
    public File getFilesDir() {
        throw new UnsupportedOperationException("stub");
    }

    @Override
    public String getPackageName() {
        throw new UnsupportedOperationException("stub");
    }

    @Override
    public PackageManager getPackageManager() {
        throw new UnsupportedOperationException("stub");
    }

    @Override
    public Resources getResources() {
        throw new UnsupportedOperationException("stub");
    }

    @Override
    public Object getSystemService(String name) {
        throw new UnsupportedOperationException("stub");
    }
}
