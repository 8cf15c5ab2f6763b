package android.net;

public class ConnectivityManager {
    public void registerNetworkCallback(NetworkRequest request, NetworkCallback callback) {}

    public static class NetworkCallback {
        public NetworkCallback() {}

        public void onAvailable(Network network) {}

        public void onLost(Network network) {}
    }
}
