// swift-tools-version:5.7
// For work on this repository: links the libmote.a of a CMake build (README.md). What an app adds
// is the package that make_xcframework.sh writes.
import PackageDescription

let package = Package(
    name: "MoteValidator",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [
        .library(name: "MoteValidator", targets: ["MoteValidator"])
    ],
    targets: [
        .systemLibrary(name: "CMote", path: "Sources/CMote"),
        .target(name: "MoteValidator", dependencies: ["CMote"]),
        .testTarget(name: "MoteValidatorTests", dependencies: ["MoteValidator"]),
    ]
)
