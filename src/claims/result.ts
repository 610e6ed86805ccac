/** What a claim is found to be. `undecidedQuick`: a quick look cannot say which of the others. */
export type Verdict = 'holds' | 'holdsWhen' | 'doesNotHold' | 'notTestable' | 'undecidedQuick'

/** The rung of the ladder on which a verdict stands; `arithmetic`: no run is needed. */
export type ClaimTrust = 'tensors' | 'fitted' | 'catalogue' | 'arithmetic'

/** A value with its interval over draws of the workload; of no width where nothing is drawn. */
export interface Range {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** One point of a curve: the condition asked at one value of what was left out. */
export interface ClaimPoint {
  /** As given: "8", "256 GB". */
  readonly at: string
  /** `undecided`: a bound that says nothing about this condition. */
  readonly decided: 'true' | 'false' | 'undecided'
  readonly measured: Range | null
  /** Why it is undecided, or what limits it ("load-limited"); empty where nothing does. */
  readonly note: string
}

/** The condition over one axis, under one variant of what else was left out. */
export interface ClaimCurve {
  /** "as stated", "host DRAM as baseline", "context limit lifted". */
  readonly variant: string
  readonly reading: 'sameLoad' | 'bestAgainstBest' | 'equalService'
  readonly baseline: string
  /** The option that is varied: "sessions-per-replica". */
  readonly axis: string
  readonly points: readonly ClaimPoint[]
}

/** One parameter that must lie on one side of a value for the claim to hold, all else as it is. */
export interface Threshold {
  readonly parameter: string
  readonly unit: string
  /** `atLeast`: it holds from the value on up; `atMost`: up to the value; `between`: from `value` to `upper`. */
  readonly direction: 'atLeast' | 'atMost' | 'between'
  /** null: it holds nowhere in the range that was tried; then `never` says so, else `always`. */
  readonly value: number | null
  readonly upper: number | null
  readonly outcome: 'threshold' | 'always' | 'never'
  /** The range that was tried. */
  readonly from: number
  readonly to: number
  /** The multiplier over the parameter. */
  readonly curve: readonly { readonly at: number; readonly measured: Range }[]
}

/** The multiplier over two parameters. */
export interface ClaimMap {
  readonly x: { readonly parameter: string; readonly unit: string; readonly values: readonly number[] }
  readonly y: { readonly parameter: string; readonly unit: string; readonly values: readonly number[] }
  /** values[y][x]. */
  readonly values: readonly (readonly number[])[]
  /** The claim's line. */
  readonly line: number
  /** The user's own deployment, or the claim's experiment. */
  readonly point: { readonly x: number; readonly y: number; readonly label: string } | null
}

/** What one assumption does to the value, at both ends of its plausible range, all else as it is. */
export interface TornadoBar {
  readonly assumption: string
  readonly unit: string
  readonly low: { readonly input: number; readonly output: number }
  readonly high: { readonly input: number; readonly output: number }
}

/** Morris screen: mean of the absolute elementary effects, and their spread (interactions, curvature). */
export interface ScreenedAssumption {
  readonly assumption: string
  readonly muStar: number
  readonly sigma: number
}

/** Whether the claim holds in the user's own deployment. */
export interface ClaimThere {
  readonly holds: boolean | null
  /** Why, in a clause: "25.7 contexts fit, 12 are live: nothing is evicted"; empty where nothing planned says it. */
  readonly reason: string
  readonly measured: Range | null
  /** Against the set-up that the user has now. */
  readonly against: string
  readonly usdPerDay: Range | null
  /** What the file left open, as it was taken. */
  readonly assumed: readonly string[]
}

/** A claim with its verdict: everything that a report shows. */
export interface ClaimResult {
  readonly id: string
  readonly who: string
  readonly where: string
  readonly when: string
  readonly source: string
  readonly statement: string
  readonly conditions: { readonly stated: readonly string[]; readonly leftOut: readonly string[] }
  readonly require: boolean
  /** The condition that was asked. */
  readonly metric: string
  readonly tolerance: number
  readonly verdict: Verdict
  /** The region in words and numbers; null unless `holdsWhen`. */
  readonly holdsWhen: string | null
  /** One sentence: the verdict with its number. */
  readonly summary: string
  readonly claimed: { readonly text: string; readonly value: number | null; readonly unit: string }
  /** At the claim's own conditions. */
  readonly measured: Range | null
  readonly baseline: string
  readonly againstStrongest: { readonly value: number; readonly baseline: string } | null
  readonly trust: ClaimTrust
  readonly curves: readonly ClaimCurve[]
  readonly mustBeTrue: readonly Threshold[]
  readonly map: ClaimMap | null
  readonly tornado: readonly TornadoBar[]
  readonly screen: readonly ScreenedAssumption[]
  readonly there: ClaimThere | null
  /** Figures that are missing; empty unless `notTestable`. */
  readonly missing: readonly string[]
  /** What the verdict rests on that nobody stated, figures of the workload beside the claim, what was noticed. */
  readonly notes: readonly string[]
  /** Further figures of the claim by name, each with its unit: "ceiling hit rate", "fleet for a million a day". */
  readonly figures: readonly { readonly name: string; readonly value: number; readonly unit: string }[]
}

/** One arm of the buyer's own at one load. */
export interface CardArm {
  readonly tokensPerGpuSecond: number
  readonly ttftP95Ms: number | null
}

/** The buyer's own arms at one load; all stand together: a warehouse never without the DRAM beside it. */
export interface CardLoad {
  readonly sessionsPerReplica: number
  /** The buyer's own load. */
  readonly isOwn: boolean
  readonly arms: Readonly<Record<string, CardArm>>
}

/** Answers to the buyer's questions about one multiplier, in the buyer's own deployment. */
export interface BuyerCard {
  /** Id of the claim. */
  readonly claim: string
  readonly claimed: number
  readonly answer: 'yes' | 'no' | 'undecided'
  /** Conversations a replica. */
  readonly load: number
  /** Of the warehouse at that load, against what the buyer has. */
  readonly multiplier: Range | null
  readonly against: string
  readonly reason: string
  /** Contexts of the mean prompt that a replica's memories hold; `dram` null: the buyer has none. */
  readonly contexts: { readonly meanTokens: number; readonly hbm: number; readonly dram: number | null }
  readonly loads: readonly CardLoad[]
  /** The load from which the claim's number is reached against HBM alone; null: at none that was tried. */
  readonly trueFrom: number | null
  /** A day, of the warehouse against what the buyer has, at the buyer's load; null where no GPU could be saved. */
  readonly usdPerDay: Range | null
  /** As the buyer wrote it, and bytes a second of a GPU. */
  readonly link: { readonly text: string; readonly bytesPerSecond: number }
  /** As the buyer wrote it; null: none. */
  readonly dram: string | null
  /** What was done to the workload; empty where nothing was. */
  readonly scaled: string
}

/** Two claims of one source held against each other. */
export interface ClaimPair {
  readonly claims: readonly [string, string]
  readonly question: string
  readonly verdict: 'compatible' | 'compatibleWhen' | 'incompatible' | 'undecided'
  readonly summary: string
}

/** Everything that `memwall verify` found. */
export interface ClaimsReport {
  readonly schemaVersion: 2
  readonly createdAt: string
  readonly claims: readonly ClaimResult[]
  readonly pairs: readonly ClaimPair[]
  /** The user's deployment as it was taken; null without one. */
  readonly deployment: { readonly text: string; readonly assumed: readonly string[] } | null
  /** The buyer's questions; null without a deployment, or where no claim is a multiplier. */
  readonly card: BuyerCard | null
  readonly seconds: number
  readonly quick: boolean
}
