export interface MetricFamily {
  readonly name: string
  readonly samples: { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]
}

/** OpenMetrics 1.0 text, as far as gauges go: a family's metadata first, its samples together and distinct, "# EOF" at the end. */
export function parseOpenMetrics(text: string): MetricFamily[] {
  const lines = text.split('\n')
  if (lines.pop() !== '' || lines.pop() !== '# EOF') throw new Error('does not end with # EOF')
  const families: MetricFamily[] = []
  for (const line of lines) {
    const type = /^# TYPE ([a-zA-Z_:][\w:]*) gauge$/.exec(line)
    if (type !== null) {
      if (families.some(({ name }) => name === type[1])) throw new Error(`${type[1]} comes twice`)
      families.push({ name: type[1]!, samples: [] })
      continue
    }
    const family = families.at(-1)!
    if (/^# HELP /.test(line)) {
      if (!line.startsWith(`# HELP ${family.name} `) || family.samples.length > 0) throw new Error(`misplaced: ${line}`)
      continue
    }
    const [, name, labels, value] = /^([\w:]+)\{((?:\w+="(?:[^"\\\n]|\\["\\n])*",?)*)\} (\S+)$/.exec(line) ?? []
    if (name !== family.name) throw new Error(`no sample of ${family.name}: ${line}`)
    if (family.samples.some((one) => JSON.stringify(one.labels) === JSON.stringify(labelsOf(labels!))))
      throw new Error(`twice: ${line}`)
    if (!Number.isFinite(Number(value))) throw new Error(`no number: ${line}`)
    family.samples.push({ labels: labelsOf(labels!), value: Number(value) })
  }
  return families
}

function labelsOf(text: string): Record<string, string> {
  const pairs = text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)
  const plain: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' }
  return Object.fromEntries(
    [...pairs].map(([, name, value]) => [name!, value!.replaceAll(/\\./g, (sign) => plain[sign]!)]),
  )
}
