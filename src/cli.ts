import { Command, CommanderError, Option } from 'commander'
import type { CompareOptions } from './commands/compare.ts'
import type { ExportOptions } from './commands/export.ts'
import type { MergeOptions } from './commands/merge.ts'
import type { PoliciesOptions } from './commands/policies.ts'
import type { RunManner } from './commands/run.ts'
import type { TraceCommandOptions } from './commands/trace.ts'
import type { TrendOptions } from './commands/trend.ts'
import { badInput, exitCodes, MemwallError, unknownName } from './errors.ts'
import { packageVersion } from './root.ts'

/** Arguments → command. Heavy modules load in the command that needs them, so that help is quick. */
const program = new Command('memwall')
  .description('The wind tunnel for KV-cache claims: what a shared KV warehouse is worth in GPUs, and when.')
  .version(packageVersion())
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(`${oneLine(text)} Try --help.\n`) })
  .helpCommand(false)

/** What the options of `run` and `calibrate` have in common. */
function mockOptions(command: Command): Command {
  return command
    .option('--backend <name>', 'reference, wasm, wasm-simd (real tensors), or model (plan at full scale)', 'wasm')
    .option('--block-tokens <n>', 'tokens of a KV block (default: 4 on the mock, 64 or the trace’s own at full scale)')
    .option('--token-scale <x>', 'tokens of the mock for one of the target (default: 0.016 with tensors, 1 without)')
}

mockOptions(
  program
    .command('run')
    .description('measure recompute against fetch and report the effective GPU multiplier')
    .argument('[file]', 'YAML: the options below by the same names, or a suite of such experiments; flags win over it'),
)
  .addOption(
    new Option('--workload <name>', 'see "memwall list workloads" (default: agentic-coding)').conflicts('trace'),
  )
  .option('--trace <file>', 'requests from a file in Mooncake’s, Bailian’s or WEKA’s format, plain, gzip or zstd')
  .option('--gpu <name>', 'GPU of the target, see "memwall list gpus" (default: b300)')
  .option('--gpus <n>', 'GPUs of all replicas (default: two replicas)')
  .option('--tp <n>', 'GPUs of a tensor-parallel group, which is one replica (default: 1)')
  .option('--model <name>', 'see "memwall list models" (default: llama-3.1-70b)')
  .option('--weights <format>', 'bf16, fp8 or int8 (default: bf16)')
  .option('--kv <format>', 'bf16, fp8 or int8 (default: bf16)')
  .option('--context <n>', 'context length that sets the scale (default: 100k)')
  .option(
    '--link <name>',
    'of the warehouse, see "memwall list links", or one of your own: 40GB/s,0.3ms (default: weka-amg)',
  )
  .option('--catalog <dir>', 'folder with gpus.yaml, models.yaml, links.yaml of your own')
  .option(
    '--points <file>',
    'CSV of times measured on your GPU, in place of the catalogue’s rates; see tools/README.md',
  )
  .option('--arms <a,b>', 'see "memwall list arms" (default: hbm-only,local-dram,warehouse,infinite-cache)')
  .option('--router <name>', 'see "memwall list routers" (default: session-affine)')
  .option('--admission <name>', 'see "memwall list admissions" (default: fcfs)')
  .option(
    '--policy <p>',
    'eviction, see "memwall list policies": one for all, or hbm=lru-k:k=3,dram=lru,warehouse=./mine.js (default: lru)',
  )
  .option('--sessions-per-replica <n>', 'live conversations per replica (default: 8)')
  .option('--in-flight-per-replica <n>', 'backlog of a trace without sessions: requests in flight per replica')
  .option(
    '--requests <n>',
    'requests in the window of a draw (default: 2,000 planned; measured, what the budget allows)',
  )
  .option('--budget <time>', 'time for measuring; calibration and plans come on top (default: 45s)')
  .option('--draws <n>', 'draws of the workload that are measured (default: 5, at least 3 in the budget)')
  .option('--repeats <n>', 'measurements of the first of them, for the noise of timing (default: 1)')
  .option('--seed <n>', 'seed of workload and draws (default: 1)')
  .option('--seeds <n>', 'draws of the workload that are planned for the answer (default: 20)')
  .option('--slo <limits>', 'ttft=2s,tpot=50ms: p95 limits of equal service (default: two, see the report)')
  .option('--sweep <p=values>', 'sessions-per-replica=1..32 draws the knee; any other option: dram=64GB,256GB,1TB')
  .option('--limit <n>', 'only the first n records of the trace')
  .option('--time-scale <x>', 'factor on think and arrival times (default: 1)')
  .option('--think-cap <time>', 'longest think time at full scale (default: 300s)')
  .option('--share-prefix', 'declare each trace conversation’s tools and system prompt shared by all')
  .option('--cold', 'start with empty memories instead of a running system’s')
  .option('--fetch <decision>', 'always, break-even or never (default: break-even)')
  .option('--fetch-mode <mode>', 'async, blocking or layerwise (default: async)')
  .option('--fetch-part <part>', 'whole, or beyond-break-even: only what takes longer to compute (default: whole)')
  .option('--max-context <n>', 'the model’s context limit at full scale (default: 131,072)')
  .option('--dram <size>', 'host memory per GPU at full scale (default: 256 GB)')
  .option('--warehouse-capacity <size>', 'at full scale (default: everything fits)')
  .option('--cost-model <file>', 'written by "memwall calibrate --out"; with --requests the plan is then fixed')
  .option(
    '--pool-log <file>',
    'with --backend model: all that happens to the HBM pools of the first arm, as JSON lines',
  )
  .option('--out <dir>', 'where report.html, report.md and report.json go (default: reports/latest)')
  .option('--history <dir>', 'append a record of the run to that folder, for "memwall trend" and "memwall compare"')
  .option('--svg <dir>', 'write every chart as an SVG file there, besides')
  .option('--details', 'print all figures, and all that the answer rests on')
  .option('--json', 'print report.json on stdout instead of the table')
  .option('--filter <names>', 'of a suite only these experiments: chat,rag-*')
  .option('--shard <k/n>', 'only the k-th of n parts of a suite, knee or sweep; "memwall merge" joins them')
  .addHelpText(
    'after',
    `
Examples:
  memwall run                                            the main job: 90 seconds, real tensors
  memwall run --backend model --sweep sessions-per-replica=1..32
  memwall run --trace conversation.jsonl.gz --backend model --gpus 8 --in-flight-per-replica 16 --router round-robin
  memwall run examples/own-experiment/experiment.yaml --json
  memwall run suites/nightly.yaml --filter 'rag*'

Exit codes: 0 done, 1 answers differ or a control failed, 2 bad input, 3 internal error, 130 interrupted.`,
  )
  .action(async (file: string | undefined, given: Record<string, unknown>, command: Command) => {
    const { json, details, shard, filter, history, svg, ...flags } = onlyGiven(given, command)
    const { run } = await import('./commands/run.ts')
    process.exitCode = await run(file, flags, { json, details, shard, filter, history, svg } as RunManner)
  })

program
  .command('merge')
  .description('join what "run --shard" left into the report that one run would have made')
  .argument('<blobs...>', 'blob files, or folders that hold them')
  .option('--out <dir>', 'where the report goes (default: reports/latest)')
  .option('--history <dir>', 'append a record of each run to that folder')
  .option('--json', 'print the report on stdout instead of the table')
  .addHelpText('after', '\nExample:\n  memwall merge shards/')
  .action(async (paths: string[], options: MergeOptions) => {
    const { merge } = await import('./commands/merge.ts')
    process.exitCode = await merge(paths, options)
  })

program
  .command('export')
  .description('write reports in the formats that services of CI read')
  .argument('[reports...]', 'report.json or suite.json, or folders that hold one (default: reports/latest)')
  .option('--format <names>', 'all, or some of "memwall list formats": summary,junit (default: all)')
  .option('--out <dir>', 'where the files go (default: ci/ beside the report)')
  .addHelpText('after', '\nExample:\n  memwall export reports/latest --format summary,comment,junit')
  .action(async (paths: string[], options: ExportOptions) => {
    const { exportReports } = await import('./commands/export.ts')
    process.exitCode = exportReports(paths, options)
  })

mockOptions(program.command('calibrate').description('measure this machine and fit the mock’s cost model'))
  .option('--out <file>', 'write the cost model there, for "memwall run --cost-model"')
  .option('--json', 'print the calibration as JSON')
  .addHelpText('after', '\nExample:\n  memwall calibrate --out cost-model.json')
  .action(async (given: Record<string, unknown>, command: Command) => {
    const { checkFlags } = await import('./commands/run/experiment-file.ts')
    const { json, out, ...flags } = onlyGiven(given, command)
    const options = checkFlags(flags)
    const { calibrateCommand } = await import('./commands/calibrate.ts')
    process.exitCode = await calibrateCommand(options, out as string | undefined, json === true)
  })

program
  .command('list')
  .description('name the members of a family, with what they are and where they come from')
  .argument(
    '<family>',
    'workloads, policies, backends, routers, admissions, arms, gpus, models, links, claims or formats',
  )
  .option('--catalog <dir>', 'folder with gpus.yaml, models.yaml, links.yaml of your own')
  .option('--json', 'print them as JSON')
  .addHelpText('after', '\nExample:\n  memwall list workloads')
  .action(async (family: string, { json, catalog }: { json?: boolean; catalog?: string }) => {
    const { list } = await import('./commands/list.ts')
    process.exitCode = list(family, json === true, catalog)
  })

/** What names a deployment at full scale. */
function targetOptions(command: Command): Command {
  return command
    .option('--gpu <name>', 'see "memwall list gpus" (default: b300)')
    .option('--model <name>', 'see "memwall list models" (default: llama-3.1-70b)')
    .option('--tp <n>', 'GPUs of a tensor-parallel group, 1 to 16 (default: 1)')
    .option('--weights <format>', 'bf16, fp8 or int8 (default: bf16)')
    .option('--kv <format>', 'bf16, fp8 or int8 (default: bf16)')
    .option('--context <n>', 'tokens of a context (default: 100k)')
    .option('--catalog <dir>', 'folder with gpus.yaml, models.yaml, links.yaml of your own')
    .option('--json', 'print the figures as JSON')
}

targetOptions(
  program.command('wall').description('say how many contexts fit beside the weights, for one GPU and for all of them'),
)
  .addHelpText('after', '\nExample:\n  memwall wall --model llama-3.1-70b --gpu b300 --context 100k')
  .action(async ({ json, ...options }: { json?: boolean } & Record<string, string>) => {
    const { wall } = await import('./commands/wall.ts')
    process.exitCode = wall(options, json === true)
  })

targetOptions(
  program.command('predict').description('predict TTFT of one context: in HBM, fetched, and computed again'),
)
  .option('--link <name>', 'see "memwall list links", or a link of your own: 40GB/s,0.3ms (default: weka-amg)')
  .option('--points <file>', 'CSV of your own measurements, such as tools/measure_gpu.py writes')
  .addHelpText(
    'after',
    '\nExample:\n  memwall predict --gpu h100-sxm --tp 8 --weights fp8 --context 32000 --link weka-amg',
  )
  .action(async ({ json, ...options }: { json?: boolean } & Record<string, string>) => {
    const { predict } = await import('./commands/predict.ts')
    process.exitCode = predict(options, json === true)
  })

program
  .command('validate')
  .description('hold the catalogue’s cost model against published measurements')
  .option('--json', 'print the rows as JSON')
  .addHelpText('after', '\nExample:\n  memwall validate')
  .action(async ({ json }: { json?: boolean }) => {
    const { validate } = await import('./commands/validate.ts')
    process.exitCode = await validate(json === true)
  })

program
  .command('trace')
  .description('describe a request trace: ceiling hit rate, reuse, working set, sessions')
  .argument('<file>', 'see the trace formats of "memwall list workloads"; plain, gzip or zstd')
  .option(
    '--sessions <n>',
    'conversations interleaved, where the trace has conversations (default: one after the other)',
  )
  .option('--share-prefix', 'declare each trace conversation’s tools and system prompt shared by all')
  .option('--limit <n>', 'only the first n records')
  .option('--seed <n>', 'seed of what the trace does not say (default: 1)')
  .option('--skip-bad-rows', 'leave out and count rows that cannot be read')
  .option('--json', 'print the figures as JSON')
  .addHelpText('after', '\nExample:\n  memwall trace agents.jsonl.gz --sessions 16')
  .action(async (path: string, options: TraceCommandOptions) => {
    const { traceCommand } = await import('./commands/trace.ts')
    process.exitCode = await traceCommand(path, options)
  })

program
  .command('policies')
  .description('compare eviction policies on a trace: which one, at which size, how far from optimal')
  .option('--trace <file>', 'a trace in any known format: see "memwall list workloads"')
  .option('--pool-log <file>', 'in place of a trace: replay what "memwall run --pool-log" wrote, under its own policy')
  .option('--capacity <blocks>', 'sizes, such as 1000,10k (default: 1 %, 5 % and 20 % of the distinct blocks)')
  .option('--policies <names>', 'all, or names and files: lru,lru-k:k=3,./mine.js (default: all)')
  .option('--touch <order>', 'head: a request touches its blocks in file order; tail: last to first (default: head)')
  .option('--sessions <n>', 'conversations of the trace that are played at the same time')
  .option('--limit <n>', 'only the first n records of the trace')
  .option('--share-prefix', 'declare each conversation’s tools and system prompt shared by all')
  .option('--skip-bad-rows', 'count malformed rows in place of refusing them')
  .option('--gpus <n>', 'two tiers as well: this many GPUs, each with HBM of --capacity, above a warehouse')
  .option('--router <name>', 'of two tiers (default: session-affine)')
  .option('--warehouse-blocks <n>', 'all, or its size (default: all)')
  .option('--warehouse-policy <name>', 'of the warehouse (default: lru)')
  .option('--model <name>', 'whose recompute cost is counted (default: llama-3.1-70b)')
  .option('--catalog <dir>', 'models of your own beside the package’s')
  .option('--out <dir>', 'where policies.html, policies.json and policies.csv go (default: reports/latest)')
  .option('--svg <dir>', 'write every chart as an SVG file there, besides')
  .option('--json', 'print policies.json on stdout instead of the tables')
  .addHelpText('after', '\nExample:\n  memwall policies --trace conversation.jsonl.gz --capacity 1000,10000,30000')
  .action(async (options: PoliciesOptions) => {
    const { policies } = await import('./commands/policies.ts')
    process.exitCode = await policies(options)
  })

program
  .command('verify')
  .description('put vendor claims on trial: whether, and under which conditions, they hold')
  .argument('[claims...]', 'ids (see "memwall list claims") or claim files of your own; all when none is named')
  .option('--deployment <file>', 'YAML with your own GPUs, model, load, DRAM, link and prices')
  .option('--quick', 'few points and draws, under a minute: what it decides the full run decides in the same way')
  .option('--measured', 'the headline claims with real tensors too, about a minute each')
  .option('--out <dir>', 'where claims.html, claims.md, claims.json and claims.junit.xml go (default: reports/latest)')
  .option('--svg <dir>', 'write every chart as an SVG file there, besides')
  .option('--json', 'print the verdicts as JSON')
  .addHelpText('after', '\nExample:\n  memwall verify weka-4.2x --deployment mine.yaml')
  .action(async (names: string[], options: Record<string, never>) => {
    const { verify } = await import('./commands/verify.ts')
    process.exitCode = await verify(names, options)
  })

program
  .command('doctor')
  .description('say whether this machine can run memwall, and what it would miss')
  .option('--json', 'print the findings as JSON')
  .addHelpText('after', '\nExample:\n  memwall doctor')
  .action(async ({ json }: { json?: boolean }) => {
    const { doctor } = await import('./commands/doctor.ts')
    process.exitCode = doctor(json === true)
  })

program
  .command('trend')
  .description('draw the history of runs, a line a figure, and mark where a level changed')
  .argument('[folder]', 'what "memwall run --history" wrote to', 'reports/history')
  .option('--out <dir>', 'where trend.html and trend.json go (default: reports/latest)')
  .option('--svg <dir>', 'write every chart as an SVG file there, besides')
  .option('--json', 'print trend.json on stdout instead of the findings')
  .addHelpText('after', '\nExample:\n  memwall trend reports/history')
  .action(async (folder: string, options: TrendOptions) => {
    const { trend } = await import('./commands/trend.ts')
    process.exitCode = trend(folder, options)
  })

program
  .command('compare')
  .description('hold a run against an earlier one, or one checkout against another, and fail on a regression')
  .argument(
    '[files...]',
    'base and head: report.json, suite.json, or a file of a history; with --history or --base-dir less',
  )
  .option('--history <dir>', 'take the base from there: the last record of the same experiment and inputs')
  .option('--across-environments', 'compare times of different machines too')
  .option('--base-dir <checkout>', 'time another checkout against this one, slice by slice in turn')
  .option('--head-dir <checkout>', 'with --base-dir: the checkout on trial (default: .)')
  .option(
    '--rounds <n>',
    'with --base-dir: rounds of 24 slices, for the screen and again for what it flags (default: 5)',
  )
  .option('--seed <n>', 'with --base-dir: of the order in which the checkouts take turns (default: 1)')
  .option('--out <dir>', 'write compare.md, compare.json and compare.junit.xml there')
  .option('--json', 'print compare.json on stdout instead of the table')
  .addHelpText(
    'after',
    `
Examples:
  memwall compare base/report.json reports/latest/report.json
  memwall compare --history reports/history reports/latest/suite.json
  memwall compare --base-dir ../main --out reports/compare

Exit codes: 0 fine or inconclusive (which is neither pass nor fail, and says so), 1 regression, 2 bad input, 3 internal error,
130 interrupted.`,
  )
  .action(async (files: string[], options: CompareOptions) => {
    const { compare } = await import('./commands/compare.ts')
    process.exitCode = await compare(files, options)
  })

program.command('slices', { hidden: true }).action(async () => {
  const { slices } = await import('./commands/slices.ts')
  await slices()
})

program
  .command('help')
  .description('say how a command is used')
  .argument('[command]', 'one of those above')
  .action((name?: string) => {
    const command = name === undefined ? program : program.commands.find((candidate) => candidate.name() === name)
    if (command !== undefined) return command.help()
    throw unknownName(
      'help',
      'command',
      name!,
      program.commands.map((known) => known.name()).filter((known) => known !== 'slices'),
    )
  })

for (const option of program.commands.flatMap(({ options }) => options)) {
  if (option.required) option.argParser((value) => refuseFlag(option, value))
}

// Who reads may have heard enough ("| head"): the rest is written to nobody, and the work is done all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = tell(error)
}

function oneLine(text: string): string {
  const line = text
    .replace(/^error: /, '')
    .trim()
    .replace(/\s*\n+\s*/g, ' ')
  return /[.?!)]$/.test(line) ? line : `${line}.`
}

/** In "--gpu --out DIR" the value of --gpu was forgotten. */
function refuseFlag({ long, flags }: Option, value: string): string {
  if (!value.startsWith('--')) return value
  throw badInput(long ?? flags, `has no value, "${value}" comes next`, `Write ${flags}.`)
}

/** A default that help prints is not something the user said. */
function onlyGiven(options: Record<string, unknown>, command: Command): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([key]) => command.getOptionValueSource(key) === 'cli'))
}

function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badInput
  if (error instanceof MemwallError) {
    // What is quoted comes from files: no control character of theirs reaches the terminal.
    process.stderr.write(`${error.message.replaceAll(/\p{Cc}+/gu, '?')}\n`)
    return error.code === 'badInput' ? exitCodes.badInput : exitCodes.failed
  }
  process.stderr.write(`Internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return exitCodes.internal
}
