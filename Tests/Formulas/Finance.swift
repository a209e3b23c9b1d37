import Foundation
import Micrograd

let finance = [
  Formula("bondPrice", at: [0.043]) { v in bondPrice(5, 100, 7, v[0]) },
  Formula("nelsonSiegel", at: [0.04, -0.02, 0.01, 1.8]) { v in nelsonSiegel(3, Array(v[0..<3]), v[3]) },
  Formula("callSpread", at: [105.5]) { v in callSpread(v[0], 100, 110, 2.5) },
  Formula("annuity", at: [0.004]) { v in annuity(200_000, v[0], 360) },
  Formula("smileVariance", at: [0.04, 0.2, -0.4, 0.1, 0.3]) { p in smileVariance(0.2, p) },
  Formula("kellyGrowth", at: [0.15]) { v in kellyGrowth(v[0], 0.55, 1.1) },
  Formula("portfolioVariance", at: [0.5, 0.3, 0.2]) { w in portfolioVariance(w, [0.2, 0.15, 0.3], [0.4, -0.1, 0.25]) },
  Formula("blackScholesPut", at: [95, 0.03, 0.25, 0.5]) { v in blackScholesPut(v[0], 100, v[1], v[2], v[3]) },
]

func bondPrice(_ coupon: Double, _ face: Double, _ years: Int, _ yield: Value) -> Value {
  (1...years).map { coupon / (1 + yield) ** Double($0) }.sum() + face / (1 + yield) ** years
}

func nelsonSiegel(_ t: Double, _ b: [Value], _ tau: Value) -> Value {
  b[0] + b[1] * (1 - exp(-t / tau)) / (t / tau) + b[2] * ((1 - exp(-t / tau)) / (t / tau) - exp(-t / tau))
}

func callSpread(_ s: Value, _ k1: Double, _ k2: Double, _ premium: Double) -> Value {
  max(s - k1, 0) - max(s - k2, 0) - premium
}

func annuity(_ principal: Double, _ rate: Value, _ n: Int) -> Value {
  principal * rate * (1 + rate) ** n / ((1 + rate) ** n - 1)
}

/// The total variance of a smile (Gatheral 2004).
func smileVariance(_ k: Double, _ p: [Value]) -> Value {
  p[0] + p[1] * (p[2] * (k - p[3]) + sqrt((k - p[3]) * (k - p[3]) + p[4] * p[4]))
}

func kellyGrowth(_ f: Value, _ p: Double, _ odds: Double) -> Value {
  p * log(1 + odds * f) + (1 - p) * log(1 - f)
}

func portfolioVariance(_ w: [Value], _ s: [Double], _ rho: [Double]) -> Value {
  w[0] * w[0] * s[0] * s[0] + w[1] * w[1] * s[1] * s[1] + w[2] * w[2] * s[2] * s[2]
    + 2 * (w[0] * w[1] * rho[0] * s[0] * s[1] + w[0] * w[2] * rho[1] * s[0] * s[2] + w[1] * w[2] * rho[2] * s[1] * s[2])
}

func blackScholesPut(_ s: Value, _ k: Double, _ r: Value, _ v: Value, _ t: Value) -> Value {
  let d1 = (log(s / k) + (r + v ** 2 / 2) * t) / (v * sqrt(t))
  let d2 = d1 - v * sqrt(t)
  return k * exp(-r * t) * 0.5 * erfc(d2 / sqrt(2)) - s * 0.5 * erfc(d1 / sqrt(2))
}
