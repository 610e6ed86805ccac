/** The terms of the page, in the order in which they are met. */
export const claimDefinitions: readonly (readonly [term: string, meaning: string])[] = [
  ['holds', 'the condition is met over the whole range that the claim states, at every point that decides.'],
  [
    'holds when …',
    'it is met in a region of what the claim left open and not outside; the region is given in words and numbers.',
  ],
  ['does not hold', 'it is met at no point of the range, or the claim’s own conditions rule it out.'],
  ['not testable', 'a figure without which nothing can be asked is not public; it is named.'],
  [
    'found',
    'the value of the claim’s own measure at its own conditions, with its 99 % interval over draws of the workload in brackets.',
  ],
  [
    'same load, best against best, equal service',
    'as many conversations in both; each at the load at which it is fastest; each at the highest load at which TTFT p95 and TPOT p95 keep the same limits. A multiplier is a function of the load, so these are three numbers.',
  ],
  [
    'bound, load-limited',
    'where the arm, the baseline or both had no request for over 10 % of their time, a multiplier is a lower bound, an upper bound, or limited by the load on offer. A bound decides nothing beyond itself; what is load-limited shows only that there is no gain at that load.',
  ],
  [
    'strongest free baseline',
    'the best that the same GPUs do without buying anything: router, order of admission, the DRAM that the host has anyway, a limit on the load.',
  ],
  [
    'trust',
    'the rung on which a verdict stands: real tensors on mock GPUs, a cost model fitted to them, the catalogue’s cost model of a real GPU, or arithmetic on stated figures without a run.',
  ],
  ['tolerance', 'how far short of its own number a claim may fall and still count as met, as a share of the number.'],
  ['must be true', 'where one parameter has to lie for the claim to hold, all else as in the claim’s experiment.'],
  [
    'μ*, σ',
    'of a Morris screen: the mean size of an assumption’s effect, and how much it differs from place to place. A large σ means that the effect depends on the other assumptions or bends.',
  ],
]
