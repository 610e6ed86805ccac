import type { MathNode } from 'mathjs'
import type { Bound } from '../account/multiplier.ts'
import { badInput } from '../errors.ts'
import { loadMath } from '../mathjs.ts'
import { type Quantity, type Unit, unitOf, units } from './quantity.ts'
import { type ClaimScope, economicsFigures, readable } from './scope.ts'

/** A condition that was parsed and found to be harmless: mathjs parses it, nothing of it is ever run. */
export interface ClaimExpression {
  readonly text: string
  /** What it reads, each path by its parts. */
  readonly paths: readonly (readonly string[])[]
  /** What the condition says of a scope. @param tolerance share by which a limit may be missed */
  evaluate(scope: ClaimScope, tolerance: number): Evaluation
}

export interface Evaluation {
  readonly holds: boolean
  /** Its comparisons: each must be met. */
  readonly margins: readonly Margin[]
  /** The first thing compared that is no constant; times in ms, sizes in bytes; NaN where the scope has none. */
  readonly value: number
  readonly unit: Unit
  /** Bounds of the multipliers that it reads, or that figures of prices rest on. */
  readonly bounds: readonly Bound[]
  /** Whether such multipliers stand on both sides of a comparison: then no bound decides it. */
  readonly comparesGains: boolean
  /** Whether a larger value is what the condition asks for. */
  readonly wantsLarger: boolean
  /** Whether a larger multiplier is. */
  readonly wantsMore: boolean
}

/** A comparison as the two numbers of which the first must be no less; the tolerance is in the limit. */
export interface Margin {
  readonly above: number
  readonly below: number
}

type Refuse = (what: string) => Error

interface Reading {
  /** Undefined: a dry run, in which every figure is 1 in its unit. */
  readonly scope: ClaimScope | undefined
  readonly refuse: Refuse
  readonly bounds: Bound[]
  /** 1 or −1: a figure goes with or against the gain that it rests on. */
  direction: number
  first: Quantity | undefined
}

interface Comparison {
  readonly left: MathNode
  readonly fn: string
  readonly right: MathNode
}

const mostCharacters = 400
const comparisons: readonly string[] = ['larger', 'largerEq', 'smaller', 'smallerEq']
const operators: readonly string[] = ['add', 'subtract', 'multiply', 'divide', 'unaryMinus']
const functions: Readonly<Record<string, (...values: number[]) => number>> = {
  abs: Math.abs,
  max: Math.max,
  min: Math.min,
  round: Math.round,
  sqrt: Math.sqrt,
}
/** Parses a condition such as `multiplier.warehouse.value >= 4.2`; throws badInput for anything that is not one. */
export function parseExpression(text: string, where: string): ClaimExpression {
  const refuse: Refuse = (what) =>
    badInput(
      where,
      `"${text}" ${what}`,
      'Write a comparison such as multiplier["local-dram"].value >= 4.2 or arms.warehouse.ttftP95Ms <= 2 s.',
    )
  if (text.length > mostCharacters) throw badInput(where, 'is too long for a condition', 'Write a shorter one.')
  const node = parsed(text, refuse)
  const conditions = comparisonsOf(node, refuse)
  for (const { left, right } of conditions) {
    checkValue(left, refuse)
    checkValue(right, refuse)
  }
  if (!conditions.some(({ left, right }) => hasPath(left) || hasPath(right))) throw refuse('reads no figure')
  const paths = conditions.flatMap(({ left, right }) => [...pathsOf(left), ...pathsOf(right)])
  // Units follow from the names: what does not fit is refused before any work.
  evaluate(conditions, undefined, 0, refuse)
  return { text, paths, evaluate: (scope, tolerance) => evaluate(conditions, scope, tolerance, refuse) }
}

function parsed(text: string, refuse: Refuse): MathNode {
  try {
    return loadMath().parse(text)
  } catch {
    throw refuse('is no expression')
  }
}

/** A condition is a comparison, a chain of them, or several joined by `and`. */
function comparisonsOf(node: MathNode, refuse: Refuse): Comparison[] {
  const math = loadMath()
  if (math.isParenthesisNode(node)) return comparisonsOf(node.content, refuse)
  if (math.isRelationalNode(node)) {
    return node.conditionals.map((fn, i) => known({ left: node.params[i]!, fn, right: node.params[i + 1]! }, refuse))
  }
  if (!math.isOperatorNode(node)) throw refuse('compares nothing')
  if (String(node.fn) === 'and') return node.args.flatMap((arg) => comparisonsOf(arg, refuse))
  return [known({ left: node.args[0]!, fn: String(node.fn), right: node.args[1]! }, refuse)]
}

function known(comparison: Comparison, refuse: Refuse): Comparison {
  if (comparisons.includes(comparison.fn)) return comparison
  throw refuse('compares in no way that is known here: <, <=, >, >=')
}

function checkValue(node: MathNode, refuse: Refuse): void {
  const math = loadMath()
  if (math.isConstantNode(node) && typeof node.value === 'number') return
  if (math.isSymbolNode(node) && Object.hasOwn(units, node.name)) return
  if (math.isAccessorNode(node)) checkPath(node, refuse)
  else for (const inner of innerOf(node, refuse)) checkValue(inner, refuse)
}

/** What stands inside a node that a condition may have. */
function innerOf(node: MathNode, refuse: Refuse): readonly MathNode[] {
  const math = loadMath()
  if (math.isParenthesisNode(node)) return [node.content]
  if (math.isOperatorNode(node) && operators.includes(String(node.fn))) return node.args
  if (math.isFunctionNode(node) && math.isSymbolNode(node.fn) && Object.hasOwn(functions, node.fn.name)) {
    return node.args
  }
  throw refuse(`has "${node.toString()}", which no condition may have`)
}

function checkPath(node: MathNode, refuse: Refuse): void {
  const path = pathOf(node) ?? []
  const [root = ''] = path
  const known = Object.hasOwn(readable, root) ? readable[root as keyof ClaimScope] : undefined
  if (known === undefined) throw refuse(`reads something other than ${Object.keys(readable).join(', ')}`)
  const name = path.at(-1)!
  if (path.length === (known.ofArms ? 3 : 2) && known.names.includes(name)) return
  throw refuse(`reads "${path.join('.')}": ${root}${known.ofArms ? '.ARM' : ''} has ${known.names.join(', ')}`)
}

/** `multiplier["local-dram"].value` → its parts; undefined where it is no plain path. */
function pathOf(node: MathNode): string[] | undefined {
  const math = loadMath()
  if (math.isSymbolNode(node)) return [node.name]
  if (!math.isAccessorNode(node)) return undefined
  const before = pathOf(node.object)
  const keys: unknown[] = node.index.dimensions.map((dimension: MathNode) =>
    math.isConstantNode(dimension) ? dimension.value : undefined,
  )
  return before !== undefined && keys.every((key) => typeof key === 'string') ? [...before, ...keys] : undefined
}

function hasPath(node: MathNode): boolean {
  return pathsOf(node).length > 0
}

/** The longest paths inside a node. */
function pathsOf(node: MathNode): string[][] {
  const paths: string[][] = []
  node.traverse((inner, _path, parent) => {
    const isPart = parent !== null && parent !== undefined && loadMath().isAccessorNode(parent)
    if (loadMath().isAccessorNode(inner) && !isPart) paths.push(pathOf(inner) ?? [])
  })
  return paths
}

function evaluate(
  conditions: readonly Comparison[],
  scope: ClaimScope | undefined,
  tolerance: number,
  refuse: Refuse,
): Evaluation {
  const reading: Reading = { scope, refuse, bounds: [], direction: 1, first: undefined }
  // A figure that does not exist is NaN and satisfies nothing.
  const margins = conditions.map((condition) => marginOf(condition, tolerance, reading))
  const { left, fn } = conditions[0]!
  const { value, unit } = reading.first ?? { value: Number.NaN, unit: '' }
  const wantsLarger = isLarger(fn) === hasPath(left)
  return {
    holds: margins.every(({ above, below }) => above >= below),
    margins,
    value,
    unit,
    bounds: reading.bounds,
    comparesGains: conditions.some((condition) => readsGain(condition.left) && readsGain(condition.right)),
    wantsLarger,
    wantsMore: wantsLarger === reading.direction > 0,
  }
}

/** Whether a node reads a multiplier, or a figure that rests on one. */
function readsGain(node: MathNode): boolean {
  return pathsOf(node).some(([root = '', name = '']) => root === 'multiplier' || directionOf(root, name) !== 0)
}

function directionOf(root: string, name: string): number {
  return root === 'economics' ? (economicsFigures[name as keyof typeof economicsFigures] ?? 0) : 0
}

function isLarger(fn: string): boolean {
  return fn === 'larger' || fn === 'largerEq'
}

function marginOf({ left, fn, right }: Comparison, tolerance: number, reading: Reading): Margin {
  const [a, b] = [quantityOf(left, reading), quantityOf(right, reading)]
  if (a.unit !== b.unit) {
    throw reading.refuse('compares things of different units: a path that ends in Ms, Seconds or Bytes needs one')
  }
  const [above, below] = isLarger(fn) ? [a, b] : [b, a]
  const limit = hasPath(left) ? b : a
  const slack = tolerance * Math.abs(limit.value)
  return limit === below
    ? { above: above.value, below: below.value - slack }
    : { above: above.value + slack, below: below.value }
}

function quantityOf(node: MathNode, reading: Reading): Quantity {
  const quantity = evaluated(node, reading)
  if (hasPath(node)) reading.first ??= quantity
  return quantity
}

function evaluated(node: MathNode, reading: Reading): Quantity {
  const math = loadMath()
  if (math.isConstantNode(node)) return { value: Number(node.value), unit: '' }
  if (math.isSymbolNode(node)) return units[node.name]!
  if (math.isAccessorNode(node)) return lookUp(pathOf(node)!, reading)
  const parts = innerOf(node, reading.refuse).map((inner) => evaluated(inner, reading))
  if (math.isParenthesisNode(node)) return parts[0]!
  if (math.isFunctionNode(node)) return applied(node.fn as MathNode, parts, reading.refuse)
  return operated(String((node as { fn?: unknown }).fn), parts, reading.refuse)
}

function applied(fn: MathNode, parts: readonly Quantity[], refuse: Refuse): Quantity {
  const unit = parts[0]?.unit ?? ''
  if (parts.length === 0 || parts.some((part) => part.unit !== unit)) throw refuse('mixes units')
  const name = loadMath().isSymbolNode(fn) ? fn.name : ''
  return { value: functions[name]!(...parts.map(({ value }) => value)), unit }
}

function operated(fn: string, [a, b]: readonly Quantity[], refuse: Refuse): Quantity {
  if (a === undefined) throw refuse('lacks a value')
  if (b === undefined) return { ...a, value: -a.value }
  if (fn === 'multiply') {
    if (a.unit !== '' && b.unit !== '') throw refuse('multiplies two quantities that both have a unit')
    return { value: a.value * b.value, unit: a.unit === '' ? b.unit : a.unit }
  }
  if (fn === 'divide') {
    if (b.unit !== '' && a.unit !== b.unit) throw refuse('divides by another unit')
    return { value: a.value / b.value, unit: b.unit === '' ? a.unit : '' }
  }
  if (a.unit !== b.unit) throw refuse('adds things of different units')
  return { value: fn === 'add' ? a.value + b.value : a.value - b.value, unit: a.unit }
}

/** The value at a path of the scope; only own keys are seen. */
function lookUp(path: readonly string[], reading: Reading): Quantity {
  const { scope, refuse, bounds } = reading
  if (scope === undefined) return { value: 1, unit: unitOf(path.at(-1)!) }
  const direction = directionOf(path[0]!, path[1]!)
  if (direction !== 0 && scope.multiplier.warehouse !== undefined) {
    reading.direction = direction
    bounds.push(scope.multiplier.warehouse.bound)
  }
  let at: unknown = scope
  for (const key of path) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, key)) {
      const names = at !== null && typeof at === 'object' ? Object.keys(at).join(', ') : ''
      throw refuse(`reads "${path.join('.')}": there is no "${key}"${names === '' ? '' : `, only ${names}`}`)
    }
    if (key === 'value' && path[0] === 'multiplier') bounds.push((at as { bound: Bound }).bound)
    at = (at as Record<string, unknown>)[key]
  }
  const last = path.at(-1)!
  if (at === null) return { value: Number.NaN, unit: unitOf(last) }
  if (typeof at !== 'number') throw refuse(`reads "${path.join('.')}", which is no number`)
  return { value: last.endsWith('Seconds') ? at * 1000 : at, unit: unitOf(last) }
}
