import Foundation

/// The folder `Tests`.
public let testsFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

/// The folder of the package.
public let packageFolder = testsFolder.deletingLastPathComponent()

/// The folder where the package manager puts executables: beside the tests.
///
/// - Parameter test: A class of the tests.
public func builtProducts(of test: AnyClass) -> URL {
  #if os(macOS)
    return Bundle(for: test).bundleURL.deletingLastPathComponent()
  #else
    return URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
  #endif
}

/// A file of `Tests/Fixtures`, by its path in that folder.
public func fixtureURL(_ path: String) -> URL { testsFolder.appendingPathComponent("Fixtures/\(path)") }

/// Reads a JSON file of `Tests/Fixtures`. Numbers that are not finite are written as `"inf"`, `"-inf"` and `"nan"`.
public func readFixture<Content: Decodable>(_ name: String, _: Content.Type = Content.self) throws -> Content {
  let decoder = JSONDecoder()
  decoder.nonConformingFloatDecodingStrategy = .convertFromString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return try decoder.decode(Content.self, from: Data(contentsOf: fixtureURL(name)))
}
