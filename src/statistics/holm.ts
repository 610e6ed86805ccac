/**
 * p values of several tests, adjusted so that comparing each with a level keeps the probability of any false rejection
 * under that level, however the tests depend on each other. Holm, "A simple sequentially rejective multiple test
 * procedure", Scandinavian Journal of Statistics 1979.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!)
  const adjusted = new Array<number>(pValues.length)
  let most = 0
  order.forEach((index, place) => {
    most = Math.max(most, Math.min(1, (pValues.length - place) * pValues[index]!))
    adjusted[index] = most
  })
  return adjusted
}
