import Foundation
import TestSupport
import XCTest

/// The chapters of the tutorial are programs: the code of an article is the body of its function in Sources/Tutorial, and the
/// program prints what the article says.
final class TutorialTests: XCTestCase {
  func testTheCodeOfEachArticleIsItsProgram() throws {
    for chapter in try Chapter.all() {
      let body = chapter.program.drop { !$0.hasPrefix("func ") }.dropFirst().prefix { $0 != "}" }
      let code = chapter.blocks.filter { $0.language == "swift" && $0.error == nil }.flatMap(\.lines)
      XCTAssertFalse(code.isEmpty, chapter.name)
      XCTAssertEqual(
        code.filter { !$0.isEmpty }, body.filter { !$0.isEmpty }.map { String($0.dropFirst(2)) }, chapter.name)
    }
  }

  func testEachProgramPrintsWhatItsArticleSays() throws {
    for chapter in try Chapter.all() {
      let printed = try chapter.printed()
        .split(separator: "\n").filter { !$0.hasPrefix("time: ") }
      let promised = chapter.output.filter { !$0.hasPrefix("time: ") }
      XCTAssertEqual(printed.map(String.init), promised, chapter.name)
    }
  }

  func testEveryArticleIsListedAndEveryChapterHasOne() throws {
    let contents = try String(contentsOf: Chapter.articles.appendingPathComponent("Tutorial.md"), encoding: .utf8)
    let names = try Chapter.all().map(\.name)
    XCTAssertEqual(names.count, 8)
    for name in names { XCTAssertTrue(contents.contains("- <doc:\(name)>"), name) }
    let files = try FileManager.default.contentsOfDirectory(atPath: Chapter.articles.path).filter {
      $0.hasSuffix(".md")
    }
    XCTAssertEqual(Set(files), Set(names.map { "\($0).md" } + ["Tutorial.md"]))
  }

  #if os(Linux)
    /// The compiler itself says what the articles quote.
    func testTheCompilerSaysWhatTheArticlesQuote() throws {
      var count = 0
      for chapter in try Chapter.all() {
        for block in chapter.blocks {
          guard let error = block.error else { continue }
          let source = (block.lines.contains("import Micrograd") ? [] : ["import Micrograd"]) + block.lines
          let messages = try Compiler.messages(for: source.joined(separator: "\n"))
          XCTAssertTrue(messages.contains("error: \(error)"), "\(error)\nbut the compiler says\n\(messages)")
          count += 1
        }
      }
      XCTAssertEqual(count, 6)
    }
  #endif

  #if os(Linux) && arch(x86_64)
    /// The pictures of the articles are those that the programs write.
    func testThePicturesAreThoseOfThePrograms() throws {
      let articles = try Chapter.all()
      let shown = articles.flatMap { chapter in
        chapter.article.matches(of: /!\[[^\]]+\]\(([a-z]+\.svg)\)/).map { (chapter, String($0.output.1)) }
      }
      XCTAssertEqual(shown.count, 4)
      for (chapter, name) in shown {
        _ = try chapter.printed()
        let made = try Data(contentsOf: FileManager.default.temporaryDirectory.appendingPathComponent(name))
        let kept = try Data(contentsOf: Chapter.articles.appendingPathComponent("Resources/\(name)"))
        XCTAssertEqual(made, kept, name)
      }
    }
  #endif
}

/// An article with its program.
private struct Chapter {
  struct Block {
    /// The word after the opening mark; empty for output.
    let language: String
    let lines: [String]
    /// The message of the compiler, if the block is an example of an error.
    var error: String? {
      lines.lazy.compactMap { line in line.range(of: "  // error: ").map { String(line[$0.upperBound...]) } }.first
    }
  }

  let number: Int
  let name: String
  let article: String
  let program: [String]
  let blocks: [Block]

  static let articles = packageFolder.appendingPathComponent("Sources/Tutorial/Tutorial.docc")
  private var executable: URL { builtProducts(of: TutorialTests.self).appendingPathComponent("Tutorial") }

  /// Returns what the program prints.
  func printed() throws -> String {
    let finished = try FinishedProcess(running: executable, ["\(number)"])
    XCTAssertEqual(finished.status, 0, name)
    return finished.output
  }

  static func all() throws -> [Chapter] {
    let folder = packageFolder.appendingPathComponent("Sources/Tutorial")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.first?.isNumber == true && $0.hasSuffix(".swift") }.sorted()
      .map { try Chapter(file: folder.appendingPathComponent($0)) }
  }

  init(file: URL) throws {
    let parts = file.deletingPathExtension().lastPathComponent.split(separator: "-")
    (number, name) = (try XCTUnwrap(Int(parts[0])), String(parts[1]))
    article = try String(contentsOf: Self.articles.appendingPathComponent("\(name).md"), encoding: .utf8)
    program = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
    blocks = Self.blocks(of: article)
  }

  private static func blocks(of article: String) -> [Block] {
    var (blocks, open) = ([Block](), Block?.none)
    for line in article.components(separatedBy: "\n") {
      if let block = open {
        if line == "```" { blocks.append(block) }
        open = line == "```" ? nil : Block(language: block.language, lines: block.lines + [line])
      } else if line.hasPrefix("```") {
        open = Block(language: String(line.dropFirst(3)), lines: [])
      }
    }
    return blocks
  }

  /// What the article says is printed: the comments of calls in its code, and its blocks of output.
  var output: [String] {
    blocks.filter { $0.error == nil && $0.language != "text" }.flatMap { block in
      block.language == ""
        ? block.lines.filter { !$0.isEmpty }
        : block.lines.compactMap { line in line.range(of: ")  // ").map { String(line[$0.upperBound...]) } }
    }
  }
}

/// The Swift compiler, which checks the types of a program that imports the library.
private enum Compiler {
  /// Returns what the compiler says about a main.swift.
  static func messages(for source: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tutorial-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("main.swift")
    try Data(source.utf8).write(to: file)
    let products = builtProducts(of: TutorialTests.self)
    let checkouts = products.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("checkouts")
    let numerics = checkouts.appendingPathComponent("swift-numerics/Sources/_NumericsShims/include")
    let engine = packageFolder.appendingPathComponent("CSupport/CMicrograd/include")

    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "swiftc", "-typecheck", "-swift-version", "6", "-I", products.appendingPathComponent("Modules").path,
    ]
    for flags in [
      ["-fmodule-map-file=\(numerics.path)/module.modulemap"], ["-I\(numerics.path)"],
      ["-fmodule-map-file=\(products.path)/CMicrograd.build/module.modulemap"], ["-I\(engine.path)"],
    ] {
      process.arguments? += flags.flatMap { ["-Xcc", $0] }
    }
    process.arguments?.append(file.path)
    let finished = try FinishedProcess(running: process)
    XCTAssertNotEqual(finished.status, 0, "the compiler accepts\n\(source)")
    return finished.errors
  }
}
