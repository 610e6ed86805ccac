const leastBlocks = 2

/**
 * Finds the sessions of a timed trace from chained blocks: a request continues the session whose last prompt's full blocks,
 * at least two, all begin its own; the longest such.
 * @returns the session of a request with these full blocks
 */
export function prefixSessions(): (fullBlocks: Int32Array) => number {
  // Blocks are chained: the last full block of a prompt stands for all before it.
  const sessionOf = new Map<number, number>()
  let sessions = 0
  return (fullBlocks) => {
    let session: number | undefined
    for (let last = fullBlocks.length - 1; last >= leastBlocks - 1; last--) {
      session = sessionOf.get(fullBlocks[last]!)
      if (session === undefined) continue
      sessionOf.delete(fullBlocks[last]!)
      break
    }
    session ??= sessions++
    if (fullBlocks.length >= leastBlocks) sessionOf.set(fullBlocks.at(-1)!, session)
    return session
  }
}
