import Foundation
import Stage
import Testing

#if os(Linux)
/// What an app sees of the module, as the compiler and the documentation's compiler see it.
@Suite("the public interface", .timeLimit(.minutes(2)))
struct InterfaceTests {
    private struct Graph: Decodable {
        struct Symbol: Decodable {
            struct Text: Decodable {
                let text: String
            }

            struct Comment: Decodable {
                let lines: [Text]
            }

            let pathComponents: [String]
            let docComment: Comment?
        }

        let symbols: [Symbol]
    }

    @Test("it has a comment on everything, shows nothing generated, and its documentation has no broken link")
    func documentation() throws {
        let built = Stage.built("Modules")
        // The folders above are named after the system that was built for.
        let system = built.deletingLastPathComponent().deletingLastPathComponent().lastPathComponent
        let (symbols, package) = (try Stage.folder("symbols"), Stage.source.appendingPathComponent("bindings/swift/Sources"))
        let map = package.appendingPathComponent("WhinchatFFI/module.modulemap").path
        _ = try Stage.output(
            of: URL(fileURLWithPath: "/usr/bin/env"),
            [
                "swift-symbolgraph-extract", "-module-name", "Whinchat", "-I", built.path, "-target", system,
                "-minimum-access-level", "public", "-skip-synthesized-members", "-output-dir", symbols.path, "-Xcc",
                "-fmodule-map-file=\(map)",
            ])
        let file = try Data(contentsOf: symbols.appendingPathComponent("Whinchat.symbols.json"))
        let graph = try JSONDecoder().decode(Graph.self, from: file)
        #expect(graph.symbols.count > 300)
        let bare = graph.symbols.filter { $0.docComment?.lines.first?.text.isEmpty ?? true }
        #expect(bare.map { $0.pathComponents.joined(separator: ".") } == [])
        let text = String(decoding: file, as: UTF8.self)
        let shown = ["WhinchatCore", "WhinchatFFI", "uniffi", "UniFFI", "Rust"].filter { text.contains($0) }
        #expect(shown == [])
        // It says on its output what is wrong, and ends badly.
        _ = try Stage.output(
            of: URL(fileURLWithPath: "/usr/bin/env"),
            [
                "docc", "convert", package.appendingPathComponent("Whinchat/Whinchat.docc").path,
                "--additional-symbol-graph-dir", symbols.path, "--fallback-display-name", "Whinchat",
                "--fallback-bundle-identifier", "im.whinchat", "--analyze", "--warnings-as-errors", "--output-path",
                symbols.appendingPathComponent("Whinchat.doccarchive").path,
            ])
    }
}
#endif
