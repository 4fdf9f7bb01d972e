// swift-tools-version:5.7
// What an app adds: the sources of MoteValidator, and the core as a binary for each Apple platform.
import PackageDescription

let package = Package(
    name: "MoteValidator",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [
        .library(name: "MoteValidator", targets: ["MoteValidator"])
    ],
    targets: [
        .binaryTarget(name: "CMote", path: "CMote.xcframework"),
        .target(name: "MoteValidator", dependencies: ["CMote"]),
    ]
)
