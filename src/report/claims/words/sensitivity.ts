import type { ClaimResult, ScreenedAssumption, TornadoBar } from '../../../claims/result.ts'
import { formatNumber } from '../../../units.ts'
import { inputText, valueText } from './value.ts'

/** The bars, the longest first. */
export function bySwing({ tornado }: ClaimResult): TornadoBar[] {
  return [...tornado].sort((a, b) => swing(b) - swing(a))
}

function swing({ low, high }: TornadoBar): number {
  return Math.abs(high.output - low.output)
}

/** Which assumption moves the value most, and whether it can carry it across the claim's line. */
export function tornadoTitle(claim: ClaimResult): string {
  const { unit, value: line } = claim.claimed
  const [most] = bySwing(claim)
  if (most === undefined) return ''
  if (!(swing(most) > 0)) return 'No assumption alone moves the value'
  const from = `${valueText(most.low.output, unit)} at ${inputText(most.low.input, most.unit)}`
  const to = `${valueText(most.high.output, unit)} at ${inputText(most.high.input, most.unit)}`
  const told = `${capital(most.assumption)} moves the value most, from ${from} to ${to}`
  if (line === null) return told
  const crossing = claim.tornado.filter((bar) => crosses(bar, line))
  if (crossing.length === 0) return `${told}; no assumption alone carries it across what is claimed`
  const which = crossing.includes(most)
    ? crossing.length === 1
      ? 'across what is claimed'
      : `across what is claimed, as ${crossing.length - 1} more ${crossing.length === 2 ? 'does' : 'do'}`
    : `${crossing.length} other${crossing.length === 1 ? ' carries' : 's carry'} it across what is claimed`
  return crossing.includes(most) ? `${told}, ${which}` : `${told}; ${which}`
}

function crosses({ low, high }: TornadoBar, line: number): boolean {
  return (low.output - line) * (high.output - line) < 0
}

/** Assumptions, the weightiest first. */
export function byWeight({ screen }: ClaimResult): ScreenedAssumption[] {
  return [...screen].sort((a, b) => b.muStar - a.muStar)
}

/** From here on an effect depends on the others or bends: sigma as a share of mu*. */
const interacting = 0.5

export function interactionText({ muStar, sigma }: ScreenedAssumption): string {
  if (!(muStar > 0)) return 'no effect'
  return sigma > interacting * muStar ? 'depends on the others, or bends' : 'nearly the same everywhere'
}

/** Which assumption weighs most over the whole space, and whether effects add up. */
export function screenTitle(claim: ClaimResult): string {
  const ranked = byWeight(claim)
  const [most] = ranked
  if (most === undefined) return ''
  if (!(most.muStar > 0)) return 'With all assumptions moving at once, none has an effect'
  const mixed = ranked.filter(({ muStar, sigma }) => muStar > 0 && sigma > interacting * muStar)
  const told = `With all assumptions moving at once, ${most.assumption} weighs most (μ* ${formatNumber(most.muStar)})`
  if (mixed.length === 0) return `${told}, and effects nearly add up`
  const effective = ranked.filter(({ muStar }) => muStar > 0).length
  return `${told}; ${mixed.length === effective ? 'every effect depends' : `${mixed.length} of ${effective} effects ${mixed.length === 1 ? 'depends' : 'depend'}`} on the others`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
