import { inArmOrder } from '../arms.ts'

/** How an arm looks wherever it appears; the colours are variables of style.ts. */
export interface ArmStyle {
  readonly colour: string
  /** The same hue, dark enough for text. */
  readonly textColour: string
  readonly dash: string | undefined
}

const known = ['hbm-only', 'local-dram', 'warehouse', 'infinite-cache']
const furtherColours = 2

/** Further arms are purple and sky in turn, in the order in which arms are shown. */
export function armStyle(name: string, names: readonly string[]): ArmStyle {
  const further = inArmOrder(names).filter((other) => !known.includes(other))
  const key = known.includes(name) ? name : `further-${further.indexOf(name) % furtherColours}`
  return {
    colour: `var(--${key})`,
    textColour: `var(--${key}-text)`,
    dash: name.startsWith('infinite') ? '6 4' : undefined,
  }
}
