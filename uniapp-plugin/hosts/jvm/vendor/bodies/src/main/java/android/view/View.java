package android.view;

public class View {
    public interface OnLayoutChangeListener {
        void onLayoutChange(View view, int left, int top, int right, int bottom, int oldLeft, int oldTop, int oldRight, int oldBottom);
    }
}
