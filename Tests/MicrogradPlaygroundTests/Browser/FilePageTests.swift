import Foundation
import XCTest

/// Tables from files: chosen, and dropped.
final class FilePageTests: BrowserTestCase {
  private func file(_ text: String) throws -> String {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("table-\(UUID().uuidString).csv")
    addTeardownBlock { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    return file.path
  }

  private func drop(_ text: String, on selector: String) throws {
    try browser.waitUntil("there is \(selector)") { try self.browser.count(selector) == 1 }
    try browser.run(
      """
      const dataTransfer = new DataTransfer(), place = document.querySelector(arguments[0]);
      dataTransfer.items.add(new File([arguments[1]], 'table.csv', { type: 'text/csv' }));
      for (const kind of ['dragover', 'drop']) {
        const event = new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer });
        place.dispatchEvent(event);
        if (!event.defaultPrevented) throw new Error(`the browser would open the file: ${kind}`);
      }
      """, selector, text)
  }

  private func expectLine(_ a: Double, _ b: Double) throws {
    for (name, value) in ["a": a, "b": b] {
      try browser.waitUntil("\(name) is \(value)") {
        let shown = try self.browser.number("#fit-result [data-parameter='\(name)'] td .number")
        return abs(shown - value) < 1e-12
      }
    }
  }

  func testATableToFitIsChosenAndDropped() throws {
    try browser.click("#tab-fit")
    try browser.replace("#fit-formula", with: "y ~ a + b*x")
    try browser.type(file("x,y\n1,3\n2,5\n3,7\n"), into: "#fit-file")
    try expectLine(1, 2)
    try browser.expect("x,y\n1,3\n2,5\n3,7\n") { try self.browser.value("#fit-table") }
    try drop("x,y\n1,8\n2,5\n3,2\n", on: "#fit-table")
    try expectLine(11, -3)
    try drop("x,y\n1,8\n2,five\n3,2\n", on: "#fit-table")
    try browser.expect("#fit-table-error", holds: "line 3, column “y”: “five”")
  }

  func testPointsToSeparateAreChosenAndDropped() throws {
    try browser.emulate("prefers-reduced-motion", "reduce")
    defer { try? browser.emulate("prefers-reduced-motion", "") }
    try browser.click("#tab-network")
    try browser.settle()
    try browser.set("#network-kind", to: "points")
    try browser.settle()
    try browser.type(file("a,b,kind\n1,2,red\n3,4,blue\n5,1,red\n"), into: "[aria-label='CSV file']")
    try browser.expect("3 points") { try self.browser.text("#network-table-note") }
    try browser.expect(".legend", holds: "red")
    try drop("u,v,tree\n1,2,oak\n3,4,elm\n5,1,oak\n6,1,elm\n", on: "#network-table")
    try browser.expect("4 points") { try self.browser.text("#network-table-note") }
    try browser.expect(".legend", holds: "elm")
  }
}
