/** The axis of a load or of another parameter: numbers are an axis, names are categories. */
export interface ParameterAxis {
  readonly title: string
  readonly type: 'log' | 'linear'
  readonly domain: readonly [number, number]
  readonly ticks: readonly { readonly at: number; readonly label: string }[]
  /** Between categories nothing lies, so no line joins them. */
  readonly joined: boolean
}

const factors: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12, m: 1e-3, µ: 1e-6 }

/** Position of each value on its axis: of a number itself, of a name its place in the order given. */
export function parameterAxis(parameter: string, values: readonly string[], alwaysLog = false): ParameterAxis {
  const numbers = values.map(parseQuantity)
  const units = new Set(numbers.map((number) => number?.unit))
  const positions = numbers.flatMap((number) => (number === undefined ? [] : [number.value]))
  const isNumeric = positions.length === values.length && units.size === 1
  if (!isNumeric) {
    return {
      title: parameter,
      type: 'linear',
      domain: [-0.4, values.length - 0.6],
      ticks: values.map((label, at) => ({ at, label })),
      joined: false,
    }
  }
  const [low, high] = [Math.min(...positions), Math.max(...positions)]
  const isLog = low > 0 && (alwaysLog || high / low > 10)
  return {
    title: isLog ? `${parameter}, log scale` : parameter,
    type: isLog ? 'log' : 'linear',
    domain: low < high ? [low, high] : isLog ? [low / 2, low * 2] : [low - 1, low + 1],
    ticks: values.map((label, i) => ({ at: positions[i]!, label })).sort((a, b) => a.at - b.at),
    joined: true,
  }
}

interface Quantity {
  readonly value: number
  readonly unit: string
}

/** "100k" → 100,000; "37.5GB/s" → 37.5e9 of B/s; "fp8" → none. */
function parseQuantity(text: string): Quantity | undefined {
  const match = /^(-?\d[\d,_]*(?:\.\d+)?(?:e-?\d+)?)\s*([a-zA-Zµ%/]*)$/.exec(text.trim())
  if (match === null) return undefined
  const number = Number(match[1]!.replaceAll(/[,_]/g, ''))
  const unit = match[2]!
  const prefixed = /^([kKMGTmµ])(B(?:\/s)?|s|)$/.exec(unit)
  if (prefixed !== null) return { value: number * factors[prefixed[1]!]!, unit: prefixed[2]! }
  return { value: number, unit }
}
