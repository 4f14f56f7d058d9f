import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Istanbul's form, as vitest writes it, as far as it is used here. */
export interface FileCoverage {
  statementMap: Record<string, { start: { line: number; column: number } }>
  s: Record<string, number>
}

/** V8's form, as Node writes it for a process with NODE_V8_COVERAGE. */
interface ScriptCoverage {
  url: string
  functions: { ranges: Range[] }[]
}

interface Range {
  startOffset: number
  endOffset: number
  count: number
}

export interface LineCoverage {
  total: number
  covered: number
  /** Lines that nothing has executed, by file. */
  missed: Map<string, number[]>
}

/**
 * Counts lines that have a statement, and those that a test executed: in its own process, or in a process that it
 * started. Node replaces types by blanks, so an offset that V8 reports is one in the file as it was written.
 */
export function lineCoverage(files: Record<string, FileCoverage>, childFolder: string): LineCoverage {
  const children = readChildren(childFolder)
  const result: LineCoverage = { total: 0, covered: 0, missed: new Map() }
  for (const [file, coverage] of Object.entries(files)) {
    const lines = linesOf(coverage, childrenOf(children, file))
    const missed = [...lines].filter(([, executed]) => !executed).map(([line]) => line)
    result.total += lines.size
    result.covered += lines.size - missed.length
    if (missed.length > 0) result.missed.set(file, missed)
  }
  return result
}

type ExecutedAt = (start: { line: number; column: number }) => boolean

function linesOf({ statementMap, s }: FileCoverage, executedByChild: ExecutedAt): Map<number, boolean> {
  const lines = new Map<number, boolean>()
  for (const [id, { start }] of Object.entries(statementMap)) {
    if (lines.get(start.line)) continue
    lines.set(start.line, (s[id] ?? 0) > 0 || executedByChild(start))
  }
  return lines
}

function childrenOf(children: Map<string, ScriptCoverage[]>, file: string): ExecutedAt {
  const scripts = children.get(pathToFileURL(file).href) ?? []
  if (scripts.length === 0) return () => false
  const lineStarts = startsOfLines(readFileSync(file, 'utf8'))
  return ({ line, column }) => {
    const offset = (lineStarts[line - 1] ?? 0) + column
    return scripts.some((script) => countAt(script, offset) > 0)
  }
}

/** Ranges nest; the innermost one around an offset tells how often it was executed. */
function countAt({ functions }: ScriptCoverage, offset: number): number {
  let innermost: Range | undefined
  for (const { ranges } of functions) {
    for (const range of ranges) {
      if (offset < range.startOffset || offset >= range.endOffset) continue
      if (!innermost || sizeOf(range) <= sizeOf(innermost)) innermost = range
    }
  }
  return innermost?.count ?? 0
}

const sizeOf = ({ startOffset, endOffset }: Range) => endOffset - startOffset

function startsOfLines(source: string): number[] {
  const starts = [0]
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function readChildren(folder: string): Map<string, ScriptCoverage[]> {
  const scripts = new Map<string, ScriptCoverage[]>()
  for (const name of readNames(folder)) {
    for (const script of readResult(join(folder, name))) {
      if (script.url.includes('/node_modules/')) continue
      scripts.set(script.url, [...(scripts.get(script.url) ?? []), script])
    }
  }
  return scripts
}

function readResult(file: string): ScriptCoverage[] {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { result: ScriptCoverage[] }).result
  } catch {
    // Cut off: the process was killed while it wrote.
    return []
  }
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
