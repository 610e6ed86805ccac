import { answerSentence } from './answer.ts'
import type { Report } from './report.ts'

export function renderHtml(report: Report): string {
  return `<!doctype html><meta charset="utf-8"><h1>${answerSentence(report).replaceAll('<', '&lt;')}</h1>`
}
