import { baseName, inArmOrder } from '../arms.ts'

/** How an arm looks wherever it appears; the colours are variables of style.ts. */
export interface ArmStyle {
  readonly colour: string
  /** The same hue, dark enough for text. */
  readonly textColour: string
  readonly dash: string | undefined
}

const known = ['hbm-only', 'local-dram', 'warehouse', 'infinite-cache']
const furtherColours = 2
const dashes = [undefined, '2 3', '9 3 2 3', '1 4']

/**
 * The base name decides the colour; further arms are purple and sky in turn, in the order in which arms are shown.
 * Arms that share a colour differ in their dashes.
 */
export function armStyle(name: string, names: readonly string[]): ArmStyle {
  const ordered = inArmOrder(names)
  const further = [...new Set(ordered.map(baseName))].filter((base) => !known.includes(base))
  const keyOf = (other: string): string => {
    const base = baseName(other)
    return known.includes(base) ? base : `further-${Math.max(0, further.indexOf(base)) % furtherColours}`
  }
  const key = keyOf(name)
  const alike = ordered.filter((other) => keyOf(other) === key).indexOf(name)
  return {
    colour: `var(--${key})`,
    textColour: `var(--${key}-text)`,
    dash: name.startsWith('infinite') ? '6 4' : dashes[Math.max(0, alike) % dashes.length],
  }
}
