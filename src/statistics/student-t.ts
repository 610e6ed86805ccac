/** P(T <= t) of Student's t distribution, through the regularised incomplete beta function. */
export function studentTCdf(t: number, degreesOfFreedom: number): number {
  const tail = regularisedBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5) / 2
  return t > 0 ? 1 - tail : tail
}

const knownQuantiles = new Map<string, number>()

/** The t with P(T <= t) = probability, by bisection to the last bits. The same few are asked for again and again. */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  const key = `${probability} ${degreesOfFreedom}`
  const found = knownQuantiles.get(key) ?? bisectedQuantile(probability, degreesOfFreedom)
  knownQuantiles.set(key, found)
  return found
}

function bisectedQuantile(probability: number, degreesOfFreedom: number): number {
  if (probability < 0.5) return -bisectedQuantile(1 - probability, degreesOfFreedom)
  if (probability === 1) return Number.POSITIVE_INFINITY
  let low = 0
  let high = 1
  while (studentTCdf(high, degreesOfFreedom) < probability) high *= 2
  for (let halvings = 0; halvings < 100; halvings++) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (studentTCdf(middle, degreesOfFreedom) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** I_x(a, b). The continued fraction converges fast on one side of (a + 1) ÷ (a + b + 2); the other is its mirror. */
export function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(1 - x, b, a)
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logGamma(a) - logGamma(b) + logGamma(a + b))
  return (front * betaFraction(x, a, b)) / a
}

/** Modified Lentz. Press et al., Numerical Recipes, 3rd edition, section 6.4. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return fraction
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
]

/** ln Γ(x) for x > 0. Lanczos with g = 7 and nine terms; right to 14 digits. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  let sum = 0.9999999999998099
  for (const [index, coefficient] of lanczos.entries()) sum += coefficient / (x + index)
  const base = x + 6.5
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum)
}
