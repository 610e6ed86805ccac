/** Sums over the window, of one replica or of all; times in ms, `…Tokens` in tokens. */
export interface WindowTotals {
  openMs: number
  closeMs: number
  outputTokens: number
  usefulPrefillMs: number
  redundantPrefillMs: number
  decodeMs: number
  stalledMs: number
  starvedMs: number
  requestsAdmitted: number
  requestsEnded: number
  promptTokens: number
  hbmHitTokens: number
  dramHitTokens: number
  warehouseHitTokens: number
  ceilingTokens: number
  recomputedAfterPreemptionTokens: number
  ttftMs: number[]
  tpotMs: number[]
  e2eMs: number[]
}

export function emptyTotals(openMs: number, closeMs: number): WindowTotals {
  return {
    openMs,
    closeMs,
    outputTokens: 0,
    usefulPrefillMs: 0,
    redundantPrefillMs: 0,
    decodeMs: 0,
    stalledMs: 0,
    starvedMs: 0,
    requestsAdmitted: 0,
    requestsEnded: 0,
    promptTokens: 0,
    hbmHitTokens: 0,
    dramHitTokens: 0,
    warehouseHitTokens: 0,
    ceilingTokens: 0,
    recomputedAfterPreemptionTokens: 0,
    ttftMs: [],
    tpotMs: [],
    e2eMs: [],
  }
}

const sums = [
  'outputTokens',
  'usefulPrefillMs',
  'redundantPrefillMs',
  'decodeMs',
  'stalledMs',
  'starvedMs',
  'requestsAdmitted',
  'requestsEnded',
  'promptTokens',
  'hbmHitTokens',
  'dramHitTokens',
  'warehouseHitTokens',
  'ceilingTokens',
  'recomputedAfterPreemptionTokens',
] as const

const samples = ['ttftMs', 'tpotMs', 'e2eMs'] as const

/** The totals of several replicas over one window. */
export function sumOfTotals(parts: readonly WindowTotals[], openMs: number, closeMs: number): WindowTotals {
  const total = emptyTotals(openMs, closeMs)
  for (const key of sums) for (const part of parts) total[key] += part[key]
  for (const key of samples) total[key] = parts.flatMap((part) => part[key])
  return total
}
