package android.os;

public final class Bundle {
    public String getString(String key) {
        throw new UnsupportedOperationException("stub");
    }

    public void putString(String key, String value) {
        throw new UnsupportedOperationException("stub");
    }
}
