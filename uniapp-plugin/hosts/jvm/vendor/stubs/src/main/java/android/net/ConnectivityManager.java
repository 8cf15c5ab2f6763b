package android.net;

public class ConnectivityManager {
    public void registerNetworkCallback(NetworkRequest request, NetworkCallback callback) {
        throw new UnsupportedOperationException("stub");
    }

    public static class NetworkCallback {
        public NetworkCallback() { throw new UnsupportedOperationException("stub"); }

        public void onAvailable(Network network) { throw new UnsupportedOperationException("stub"); }

        public void onLost(Network network) { throw new UnsupportedOperationException("stub"); }
    }
}
