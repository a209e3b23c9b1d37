import Foundation

/// A diverging colour scale for scores: one hue below zero, another above, almost white at zero.
///
/// The scale is symmetric: the colours of `s` and `-s` are equally far from white. Colours are interpolated in Oklab, where
/// equal steps look equal. Blue and orange are distinguishable with all common colour-vision deficiencies.
///
/// ```swift
/// let scale = ColorScale(limit: 2)
/// scale.color(at: 0) == scale.neutral       // true
/// scale.color(at: 5) == scale.positive      // true: beyond the limit nothing changes
/// scale.color(at: -2).hex                   // "#4f8ccb"
/// ```
public struct ColorScale: Sendable {
  /// The score, above zero, with the strongest colour.
  public let limit: Double
  /// The colour at `-limit` and below.
  public let negative: Color
  /// The colour at zero.
  public let neutral: Color
  /// The colour at `limit` and above.
  public let positive: Color

  /// Creates a scale for the scores in `-limit...limit`. A limit that is not positive counts as 1.
  public init(
    limit: Double, negative: Color = .init(0x4F8CCB), neutral: Color = .init(0xF8F8F6),
    positive: Color = .init(0xF09A48)
  ) {
    self.limit = limit.isFinite && limit > 0 ? limit : 1
    self.negative = negative
    self.neutral = neutral
    self.positive = positive
  }

  /// Returns the colour of a score. Infinities have the colours of the ends; NaN is grey.
  public func color(at score: Double) -> Color {
    if score.isNaN { return Color(0xDFE3E8) }
    let strength = min(score.magnitude / limit, 1)
    return neutral.mixed(with: score < 0 ? negative : positive, amount: strength)
  }

  /// An opaque sRGB colour.
  public struct Color: Hashable, Sendable {
    /// The red, green and blue components, 0 to 255.
    public let red, green, blue: UInt8

    /// Creates a colour from a number as in CSS: `Color(0xFF8000)` has red 255, green 128 and blue 0.
    public init(_ rgb: UInt32) {
      red = UInt8(truncatingIfNeeded: rgb >> 16)
      green = UInt8(truncatingIfNeeded: rgb >> 8)
      blue = UInt8(truncatingIfNeeded: rgb)
    }

    /// The colour in the notation of CSS and SVG: `#ff8000`.
    public var hex: String {
      "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Returns a mix of this colour and `amount`, 0 to 1, of another, interpolated linearly in Oklab.
    public func mixed(with other: Color, amount: Double) -> Color {
      if amount <= 0 { return self }
      if amount >= 1 { return other }
      return Color(oklab: oklab + amount * (other.oklab - oklab))
    }
  }
}

// Oklab: B. Ottosson, "A perceptual color space for image processing" (2020). Linear sRGB is converted to the responses of
// the three kinds of cones, these to their cube roots, and the result to lightness and two opponent axes.
extension ColorScale.Color {
  fileprivate var oklab: SIMD3<Double> {
    func linear(_ component: UInt8) -> Double {
      let c = Double(component) / 255
      return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
    }
    let (r, g, b) = (linear(red), linear(green), linear(blue))
    let long = cbrt(0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b)
    let medium = cbrt(0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b)
    let short = cbrt(0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b)
    return SIMD3(
      0.210_454_255_3 * long + 0.793_617_785 * medium - 0.004_072_046_8 * short,
      1.977_998_495_1 * long - 2.428_592_205 * medium + 0.450_593_709_9 * short,
      0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766 * short)
  }

  fileprivate init(oklab: SIMD3<Double>) {
    func cubed(_ x: Double) -> Double { x * x * x }
    let long = cubed(oklab.x + 0.396_337_777_4 * oklab.y + 0.215_803_757_3 * oklab.z)
    let medium = cubed(oklab.x - 0.105_561_345_8 * oklab.y - 0.063_854_172_8 * oklab.z)
    let short = cubed(oklab.x - 0.089_484_177_5 * oklab.y - 1.291_485_548 * oklab.z)
    func component(_ l: Double) -> UInt32 {
      let c = l <= 0.003_130_8 ? 12.92 * l : 1.055 * pow(l, 1 / 2.4) - 0.055
      return UInt32((min(max(c, 0), 1) * 255).rounded())
    }
    let red = component(4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short)
    let green = component(-1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short)
    let blue = component(-0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701 * short)
    self.init(red << 16 | green << 8 | blue)
  }
}
