package android.content;

import android.content.pm.PackageManager;
import android.content.res.Resources;
import java.io.File;

public abstract class Context {
    public static final String CONNECTIVITY_SERVICE = "connectivity";

    public abstract Context getApplicationContext();

    public abstract File getFilesDir();

    public abstract String getPackageName();

    public abstract PackageManager getPackageManager();

    public abstract Resources getResources();

    public abstract Object getSystemService(String name);
}
