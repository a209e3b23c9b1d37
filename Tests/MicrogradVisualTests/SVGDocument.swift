import Foundation
import XCTest

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// An SVG as an XML parser sees it: an independent judge of whether what was written is well-formed.
struct SVGDocument {
  struct Element {
    var name: String
    var attributes: [String: String]
    /// The values of the attribute `class` of the element and of all that contain it.
    var classes: [String]
    var text = ""
  }

  var elements: [Element]

  /// Fails the test where the text is not well-formed.
  init(_ text: String, file: StaticString = #filePath, line: UInt = #line) throws {
    let reader = Reader()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = reader
    let isWellFormed = parser.parse()
    XCTAssertTrue(isWellFormed, "\(String(describing: parser.parserError))", file: file, line: line)
    elements = reader.elements
  }

  func elements(named name: String, inClass wanted: String? = nil) -> [Element] {
    elements.filter { $0.name == name && (wanted.map($0.classes.contains) ?? true) }
  }

  var texts: [String] { elements(named: "text").map(\.text) }

  /// How many pieces the curves are drawn in, and how many points they have.
  var curvePieces: [Int] {
    elements(named: "path", inClass: "curve").flatMap { element in
      (element.attributes["d"] ?? "").split(separator: "M").map { $0.count { $0 == "L" } + 1 }
    }
  }

  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [Element] = []
    var open: [Int] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      let inherited = open.last.map { elements[$0].classes } ?? []
      let own = attributes["class"].map { [$0] } ?? []
      open.append(elements.count)
      elements.append(Element(name: name, attributes: attributes, classes: inherited + own))
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      if let last = open.last { elements[last].text += text }
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
      open.removeLast()
    }
  }
}
