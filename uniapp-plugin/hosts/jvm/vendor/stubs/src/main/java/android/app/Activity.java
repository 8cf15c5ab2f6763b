package android.app;

import android.content.ContextWrapper;

public class Activity extends ContextWrapper {
    public Activity() {
        super(null);
        throw new UnsupportedOperationException("stub");
    }

    public boolean isChangingConfigurations() {
        throw new UnsupportedOperationException("stub");
    }
}
