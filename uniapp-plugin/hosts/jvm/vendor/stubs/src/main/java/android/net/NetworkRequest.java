package android.net;

public class NetworkRequest {
    public static class Builder {
        public Builder() { throw new UnsupportedOperationException("stub"); }

        public Builder addCapability(int capability) { throw new UnsupportedOperationException("stub"); }

        public NetworkRequest build() { throw new UnsupportedOperationException("stub"); }
    }
}
