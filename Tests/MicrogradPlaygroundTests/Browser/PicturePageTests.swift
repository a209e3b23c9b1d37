import Foundation
import TestSupport
import XCTest

/// Pictures of the page beside those that are kept in the folder Pictures. `MICROGRAD_WRITE_PICTURES=1` writes them anew.
///
/// Fonts differ among machines, so a part that is missing is noticed, but not a line or a letter.
final class PicturePageTests: BrowserTestCase {
  override func setUpWithError() throws {
    try super.setUpWithError()
    try browser.resize(1280, 800, scale: 0.75)  // pictures of 960 × 600
  }

  override func tearDownWithError() throws {
    try browser?.emulate("prefers-color-scheme", "")
    try super.tearDownWithError()
  }

  func testTheExpressionOfTheLecture() throws { try compare(with: "expression") }

  func testAStepOfAWalk() throws {
    try walk()
    try compare(with: "expression-step")
  }

  func testTheExpressionInTheDark() throws {
    try browser.emulate("prefers-color-scheme", "dark")
    try compare(with: "expression-dark")
  }

  func testANetworkAfterAHundredSteps() throws {
    try browser.resize(1280, 800, scale: 0.5)
    try trainAHundredSteps()
    try compare(with: "network")
  }

  func testANarrowNetwork() throws {
    try browser.resize(400, 800)
    try trainAHundredSteps()
    try compare(with: "network-narrow")
  }

  func testTheFirstFit() throws {
    try browser.run("document.querySelector('#tab-fit').click()")
    try compare(with: "fit")
  }

  func testTheComparisonNoticesWhatIsMissing() throws {
    guard !Self.writes else { return }
    func missing(_ selector: String, in name: String) throws {
      let setting = "for (const e of document.querySelectorAll(arguments[0])) e.style.visibility = arguments[1]"
      try browser.run(setting, selector, "hidden")
      let difference = try self.difference(from: kept(name), to: picture())
      XCTAssertFalse(difference.isSmall, "\(name) without \(selector): \(difference)")
      try browser.run(setting, selector, "")
    }
    try missing(".graph-place", in: "expression")
    try missing("#left", in: "expression")
    try missing("#right", in: "expression")
    try browser.run("document.querySelector('#tab-fit').click()")
    try missing("#fit-picture", in: "fit")
    try missing("#left", in: "fit")
    try missing("#right", in: "fit")
    try browser.resize(1280, 800, scale: 0.5)
    try trainAHundredSteps()
    try missing(".field canvas", in: "network")
    try missing(".layers canvas", in: "network")
    try missing(".curves", in: "network")
  }

  func testEachPictureIsUnlikeTheOthers() throws {
    guard !Self.writes else { return }
    let names = ["expression", "expression-step", "expression-dark", "fit"]
    for (k, name) in names.enumerated() {
      for other in names[..<k] {
        let difference = try self.difference(from: kept(name), to: kept(other))
        XCTAssertFalse(difference.isSmall, "\(name) and \(other): \(difference)")
      }
    }
  }

  // MARK: - States

  /// Goes to the fifth of six steps, where a gradient flows through a sum.
  private func walk() throws {
    for step in 1...5 {
      try browser.run("document.querySelector('#step').click()")
      try browser.expect("step \(step) / 6") { try self.browser.text("#position") }
    }
  }

  /// Takes the first hundred steps, which at this speed are one frame, and pauses.
  private func trainAHundredSteps() throws {
    try browser.emulate("prefers-reduced-motion", "reduce")
    try browser.run("document.querySelector('#tab-network').click()")
    try browser.settle()
    try browser.set("#speed", to: "9")
    try browser.run(
      """
      const run = document.querySelector('#run'), position = document.querySelector('#position');
      const observer = new MutationObserver(() => {
        if (position.textContent !== 'step 100') return;
        observer.disconnect();
        run.click();
      });
      observer.observe(position, { childList: true });
      run.click();
      """)
    try browser.expect("step 100") { try self.browser.text("#position") }
    try browser.expect("Run") { try self.browser.attribute("aria-label", of: "#run") }
    try browser.set("#speed", to: "5")
  }

  // MARK: - Comparison

  private struct Difference: CustomStringConvertible {
    /// Mean over all cells of 20 × 20 pixels, and that of the worst cell, of 1.
    let mean, worst: Double
    /// Most by which the ink of a square of 120 × 120 pixels differs, as a share: 1 if the one is empty.
    ///
    /// Pages are mostly ground, so the mean alone would not notice a graph that is missing.
    let ink: Double

    var isSmall: Bool { mean < 0.03 && worst < 0.4 && ink < 0.6 }

    var description: String { "mean difference \(mean), worst \(worst), ink \(ink)" }
  }

  private static let writes = ProcessInfo.processInfo.environment["MICROGRAD_WRITE_PICTURES"] == "1"
  private static let folder = packageFolder.appendingPathComponent("Tests/MicrogradPlaygroundTests/Pictures")

  private func kept(_ name: String) throws -> String {
    try Data(contentsOf: Self.folder.appendingPathComponent("\(name).png")).base64EncodedString()
  }

  private func picture() throws -> String {
    try browser.settle()
    try browser.run("document.activeElement.blur()")
    return try browser.screenshot()
  }

  private func compare(with name: String, line: UInt = #line) throws {
    let shown = try picture()
    if Self.writes {
      let data = try XCTUnwrap(Data(base64Encoded: rounded(shown)))
      XCTAssertLessThan(data.count, 100_000, name)
      try data.write(to: Self.folder.appendingPathComponent("\(name).png"))
      return
    }
    let difference = try self.difference(from: kept(name), to: shown)
    guard !difference.isSmall else { return }
    XCTFail("the page is not as in Pictures/\(name).png: \(difference)", line: line)
    let attachment = FileManager.default.temporaryDirectory.appendingPathComponent("\(name)-now.png")
    try XCTUnwrap(Data(base64Encoded: shown)).write(to: attachment)
    print("what is shown now: \(attachment.path)")
  }

  /// A picture whose colours are rounded, so that its file is small.
  private func rounded(_ picture: String) throws -> String {
    let script = """
      const [text, done] = arguments, bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      createImageBitmap(new Blob([bytes], { type: 'image/png' })).then(async (image) => {
        const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        const pixels = context.getImageData(0, 0, image.width, image.height);
        pixels.data.forEach((x, k, data) => { data[k] = 17 * Math.round(x / 17); });
        context.putImageData(pixels, 0, 0);
        const made = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
        done(btoa(made.reduce((all, byte) => all + String.fromCharCode(byte), '')));
      });
      """
    return try XCTUnwrap(browser.runAsynchronously(script, picture) as? String)
  }

  /// Compares two pictures of the same size in the browser, with rounded colours as those that are kept.
  private func difference(from first: String, to second: String) throws -> Difference {
    let script = """
      const [first, second, done] = arguments;
      async function pixels(text) {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' })), { width, height } = image;
        const context = new OffscreenCanvas(width, height).getContext('2d');
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, width, height);
        return { width, height, at: (x, y) => [0, 1, 2].map((c) => Math.round(data[4 * (y * width + x) + c] / 17) / 15) };
      }
      // Both pictures in squares: the colours of each square in the one and in the other.
      function* squares(a, b, size) {
        for (let top = 0; top < a.height; top += size) {
          for (let left = 0; left < a.width; left += size) {
            const both = [[], []];
            for (let y = top; y < Math.min(top + size, a.height); y++) {
              for (let x = left; x < Math.min(left + size, a.width); x++) {
                both[0].push(a.at(x, y));
                both[1].push(b.at(x, y));
              }
            }
            yield both;
          }
        }
      }
      const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length;
      const means = (colours) => [0, 1, 2].map((c) => mean(colours.map((colour) => colour[c])));
      function most(colours) {
        const counts = new Map();
        for (const colour of colours) counts.set(colour.join(), (counts.get(colour.join()) ?? 0) + 1);
        return [...counts].sort((one, other) => other[1] - one[1])[0][0].split(',').map(Number);
      }
      const ink = (colours, ground) => means(colours.map((colour) => colour.map((x, c) => Math.abs(x - ground[c]))));
      Promise.all([pixels(first), pixels(second)]).then(([a, b]) => {
        if (a.width !== b.width || a.height !== b.height) return done([1, 1, 1]);
        const cells = [...squares(a, b, 20)].flatMap(([one, other]) => {
          const [m, n] = [means(one), means(other)];
          return m.map((x, c) => Math.abs(x - n[c]));
        });
        const inks = [...squares(a, b, 120)].flatMap(([one, other]) => {
          const ground = most(one), [m, n] = [ink(one, ground), ink(other, ground)];
          return m.map((x, c) => Math.abs(x - n[c]) / Math.max(x, n[c], 0.01));
        });
        done([mean(cells), Math.max(...cells), Math.max(...inks)]);
      }, () => done([1, 1, 1]));
      """
    let numbers = try XCTUnwrap(browser.runAsynchronously(script, first, second) as? [NSNumber]).map(\.doubleValue)
    return Difference(mean: numbers[0], worst: numbers[1], ink: numbers[2])
  }
}
