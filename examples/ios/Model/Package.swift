// swift-tools-version: 6.0

import PackageDescription

// Everything of the app but its views. It knows no SwiftUI, so that it is built and tested where there is none.
let package = Package(
    name: "ChatModel",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [
        .library(name: "ChatModel", targets: ["ChatModel"])
    ],
    dependencies: [
        .package(path: "../../../bindings/swift")
    ],
    targets: [
        .target(name: "ChatModel", dependencies: [.product(name: "Whinchat", package: "swift")]),
        .testTarget(
            name: "ChatModelTests",
            dependencies: ["ChatModel"],
            // Observation of Swift 6.0 on Linux names a function that no library there has, and never calls it.
            linkerSettings: [.unsafeFlags(["-Xlinker", "--allow-shlib-undefined"], .when(platforms: [.linux]))]
        ),
    ]
)
