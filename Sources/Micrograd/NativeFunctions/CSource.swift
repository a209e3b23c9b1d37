import CMicrograd

/// A function written as C: a header and a source that need nothing but libm.
///
/// ``CompiledFunction/cSource(named:parameters:)`` makes one.
public struct CSource: Sendable, Hashable {
  /// The name of the function, and of the files: `name.h` and `name.c`.
  public let name: String
  /// The content of `name.h`: declarations with comments.
  public let header: String
  /// The content of `name.c`.
  public let source: String

  /// How the functions of a file get the parameters.
  public enum ParameterForm: Sendable, Hashable {
    /// Their numbers of now are in the source.
    case numbers
    /// The functions take them as an argument, and the gradient is by them too.
    case argument
  }

  package init(name: String, header: String, source: String) {
    (self.name, self.header, self.source) = (name, header, source)
  }

  /// True if C allows the name for a function of this file.
  package static func isUsable(_ name: String) -> Bool {
    func isLetter(_ c: UInt8) -> Bool { (c | 0x20) >= UInt8(ascii: "a") && (c | 0x20) <= UInt8(ascii: "z") }
    func isDigit(_ c: UInt8) -> Bool { c >= UInt8(ascii: "0") && c <= UInt8(ascii: "9") }
    guard let first = name.utf8.first, isLetter(first), name.utf8.count <= 63 else { return false }
    guard name.utf8.allSatisfy({ isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }) else { return false }
    return !reserved.contains(name) && !name.hasPrefix("mg_") && !name.hasPrefix("MG_") && !mg_is_printed_name(name)
  }

  /// Words of C and C++, and names of functions and macros in the headers that the source includes.
  private static let reserved = Set(
    """
    auto break case char const continue default do double else enum extern float for goto if inline int long register \
    restrict return short signed sizeof static struct switch typedef union unsigned void volatile while and asm bool \
    catch class delete explicit export false friend mutable namespace new not operator or private protected public \
    template this throw true try typename using virtual xor main errno NULL NAN INFINITY HUGE_VAL MATH_ERRNO \
    acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 exp10 expm1 fabs fdim floor \
    fma fmax fmin fmod frexp gamma hypot ilogb isfinite isinf isnan isnormal j0 j1 jn ldexp lgamma lgamma_r lgammal_r \
    llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint nextafter nexttoward pow pow10 remainder \
    remquo rint round scalb scalbln scalbn signbit significand signgam sin sincos sinh sqrt tan tanh tgamma trunc y0 y1 \
    yn x u r t w b d p e c in results gradient sums status share top
    """.split(separator: " ").map(String.init))

  /// The first lines of each source.
  internal static let preamble = """
    #include <float.h>
    #include <math.h>
    #include <stdint.h>

    #if defined(__clang__)
    #pragma STDC FP_CONTRACT OFF
    #endif


    """
}
