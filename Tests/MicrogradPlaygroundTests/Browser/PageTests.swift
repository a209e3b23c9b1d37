import XCTest

final class PageTests: BrowserTestCase {
  func testFirstScreenShowsTheLecturesExpression() throws {
    try browser.waitUntil("the value is there") { try self.browser.number("#value") == -8 }
  }
}
