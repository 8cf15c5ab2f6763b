// swift-tools-version: 6.0

import PackageDescription

let package = Package(
    name: "swift-console",
    platforms: [.macOS(.v13)],
    dependencies: [
        .package(path: "../../bindings/swift")
    ],
    targets: [
        // A chat in the terminal.
        .executableTarget(name: "Console", dependencies: [.product(name: "Whinchat", package: "swift")]),
        // The program of docs/swift.md.
        .executableTarget(name: "Hello", dependencies: [.product(name: "Whinchat", package: "swift")]),
        .testTarget(name: "ConsoleTests"),
    ]
)
