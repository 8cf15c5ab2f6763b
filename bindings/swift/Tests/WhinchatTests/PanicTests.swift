import Testing
import WhinchatCore
@testable import Whinchat

@Suite("a fault of ours")
struct PanicTests {
    @Test("it is an error like any other, and the process goes on")
    func panics() async throws {
        let now = try await refusal { try translating { try drillPanic() } }
        #expect(now.code == .internal)
        #expect(now.name == "client.internal")
        let later = try await refusal { try await cancellable { try await drillPanicWaiting(cancel: $0) } }
        #expect(later == now)
        let client = try shared.get().client()
        try await client.login(as: "survivor", signature: "")
        await client.close()
    }
}
