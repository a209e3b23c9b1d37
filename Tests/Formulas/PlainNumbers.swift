import Foundation
import Micrograd

func plainPower(_ x: Double) -> Double { 1 - x ** 2 }
func plainRoot() -> Double { sqrt(2) + 1 / sqrt(2) + exp(1) + log(2) }
func plainPolynomial(_ x: Double, _ y: Double) -> Double { x * x + 2 * x * y + 3 * y * y - 4 * x + 5 * y + 6 }
func plainGaussian(_ x: Double, _ m: Double, _ s: Double) -> Double {
  -0.5 * ((x - m) / s) * ((x - m) / s) - log(s) - 0.5 * log(2 * Double.pi)
}

/// Of x, of nothing, and of x and 2.
package func plainNumbers(_ x: Double) -> [Double] { [plainPower(x), plainRoot(), plainPolynomial(x, -0.5)] }
