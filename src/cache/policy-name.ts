import { badInput, unknownName } from '../errors.ts'
import type { PolicyParameter, PolicySpec } from './policy.ts'

/**
 * "s3-fifo", or "s3-fifo:smallShare=0.2:threshold=1": a policy with parameters of its own.
 * @param where flag or key, for errors
 * @throws MemwallError for unknown names and parameters, and values out of range
 */
export function policyNamed(text: string, where: string, known: readonly PolicySpec[]): PolicySpec {
  const [name = '', ...settings] = text.split(':').map((part) => part.trim())
  const policy = known.find((candidate) => candidate.name === name)
  if (policy === undefined) {
    throw unknownName(
      where,
      'policy',
      name,
      known.map((candidate) => candidate.name),
    )
  }
  return withParameters(policy, settings, where)
}

/** @param settings "smallShare=0.2" each */
export function withParameters(policy: PolicySpec, settings: readonly string[], where: string): PolicySpec {
  if (settings.length === 0) return policy
  const parameters: Record<string, PolicyParameter> = { ...policy.parameters }
  for (const setting of settings) {
    const [key = '', value = ''] = setting.split('=').map((part) => part.trim())
    const parameter = parameters[key]
    if (parameter === undefined) throw unknownParameter(policy, key, where)
    const { least, most } = parameter
    const number = value === '' ? Number.NaN : Number(value)
    if (!(number >= least && number <= most)) {
      throw badInput(where, `"${key}" of ${policy.name} is "${value}"`, `Give a number from ${least} to ${most}.`)
    }
    parameters[key] = { ...parameter, default: number }
  }
  return { ...policy, name: [policy.name, ...settings].join(':'), parameters }
}

function unknownParameter(policy: PolicySpec, key: string, where: string): Error {
  const names = Object.keys(policy.parameters)
  if (names.length > 0) return unknownName(where, `parameter of ${policy.name}`, key, names)
  return badInput(where, `"${policy.name}" has no parameter "${key}"`, 'It has none at all.')
}
