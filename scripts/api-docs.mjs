// Writes docs/api.md from the TSDoc of what src/index.ts exports. Usage: npm run build && node scripts/api-docs.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const declarations = new URL('../dist/src/', import.meta.url)
const published = { Report: 'report.schema.json', ClaimsReport: 'claims.schema.json' }

/** The API as Markdown: each export with its comment and its declaration. */
export function apiDocs() {
  const index = readFileSync(new URL('index.d.ts', declarations), 'utf8')
  const exported = [...index.matchAll(/export (?:type )?\{ ([^}]+) \} from '\.\/(.+)\.ts';/g)].flatMap(
    ([, names, file]) => names.split(', ').map((name) => ({ name: name.replace(/^type /, ''), file: `${file}.d.ts` })),
  )
  const functions = exported.filter(({ name }) => /^[a-z]/.test(name))
  const types = exported.filter(({ name }) => !functions.some((one) => one.name === name))
  return `# API

Made from the comments of the source by \`node scripts/api-docs.mjs\`. All of it is exported by the package \`memwall\`; the command line uses it.

\`\`\`js
import { plan } from 'memwall'

const { report } = await plan({ workload: 'chat', requests: 200, sessionsPerReplica: 16 })
console.log(report.multiplier.warehouse.value)
\`\`\`

## Functions

${functions.map(entry).join('\n')}
## Types

${types.map(entry).join('\n')}`
}

function entry({ name, file }) {
  const schema = published[name]
  if (schema !== undefined) return `### ${name}\n\nAs [schema/${schema}](../schema/${schema}) describes it.\n`
  const text = readFileSync(new URL(file, declarations), 'utf8')
  const start = new RegExp(
    `(/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/\\n)?export (?:declare )?(?:type|interface|function|class) ${name}\\b`,
  )
  const { index, 1: comment = '' } = start.exec(text)
  const declaration = text.slice(index + comment.length).match(/^[^\n]*\{\n[\s\S]*?\n\}|^[^\n]+/)[0]
  return `### ${name}\n\n${wordsOf(comment)}\n\n\`\`\`ts\n${declaration.replaceAll('    ', '  ').replace(/^export (declare )?/, '')}\n\`\`\`\n`
}

/** A comment as Markdown: what its tags say as a list. */
function wordsOf(comment) {
  const words = comment
    .replace(/\*\/\s*$/, '')
    .replaceAll(/^(\/\*\*| \* ?)/gm, '')
    .trim()
  const [told, ...tags] = words.split(/\s*@(?=param|returns|throws)/)
  const lines = told.replaceAll(/\s*\n\s*/g, '\n').trim()
  return [
    lines,
    tags
      .map(
        (tag) =>
          `- *${tag
            .replace(/^(\w+)\s+/, '$1* ')
            .replaceAll(/\s+/g, ' ')
            .trim()}`,
      )
      .join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('../docs/api.md', import.meta.url), apiDocs())
}
