// What the gateway answers itself, in njs (https://nginx.org/en/docs/njs/): the same headers, members and language as a
// service gives for the same request. problems.json is written by `npm run docs` from what the services have.
// biome-ignore lint/style/useNodejsImportProtocol: njs knows it by this name only
import fs from 'fs'

let known

/** Read once a worker, when it is first needed. */
function load(r) {
  if (!known) known = JSON.parse(fs.readFileSync(`${r.variables.gateway_files}/api/problems.json`))
  return known
}

/** The wanted languages of an `Accept-Language` header, the most wanted first (RFC 9110, 12.5.4). */
function wantedTags(header) {
  return header
    .split(',')
    .slice(0, 20)
    .map((item, place) => {
      const match = /^\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?))?\s*$/.exec(item)
      return match
        ? { tag: match[1].toLowerCase(), quality: match[2] === undefined ? 1 : Number(match[2]), place }
        : null
    })
    .filter((item) => item !== null && item.quality > 0)
    .sort((a, b) => b.quality - a.quality || a.place - b.place)
    .map((item) => item.tag)
}

/** The tag itself, or what it is a region of (RFC 4647, lookup). */
function lookUp(tag, languages) {
  for (let range = tag; range !== ''; range = range.slice(0, Math.max(0, range.lastIndexOf('-')))) {
    if (languages.indexOf(range) !== -1) return range
  }
  return undefined
}

function negotiate(header, languages) {
  const tags = wantedTags(header || '')
  for (let i = 0; i < tags.length; i++) {
    const found = tags[i] === '*' ? languages[0] : lookUp(tags[i], languages)
    if (found) return found
  }
  return languages[0]
}

function allowOrigin(r, exposed) {
  const origin = r.headersIn['Origin']
  r.headersOut['Vary'] = 'Origin'
  if (origin === undefined || r.variables.gateway_cors_origins.split(',').indexOf(origin) === -1) return
  r.headersOut['Access-Control-Allow-Origin'] = origin
  r.headersOut['Access-Control-Expose-Headers'] = exposed
}

/** Answers `/.problem/<name>`, to which nginx goes with what it refuses itself. */
function answer(r) {
  const all = load(r)
  const problem = all.problems[r.uri.slice('/.problem/'.length)]
  const language = negotiate(r.headersIn['Accept-Language'], all.languages)
  for (const name in all.headers) r.headersOut[name] = all.headers[name]
  for (const name in problem.headers) r.headersOut[name] = problem.headers[name]
  allowOrigin(r, all.exposedHeaders)
  r.headersOut['Content-Language'] = language
  r.headersOut['Content-Type'] = 'application/problem+json; charset=utf-8'
  if (problem.error === 'MethodNotAllowed') r.headersOut['Allow'] = r.variables.gateway_allowed_methods
  const body = {
    type: problem.type,
    title: problem.titles[language] || problem.titles[all.languages[0]],
    status: problem.status,
    detail: problem.detail,
    instance: r.variables.problem_instance,
    error: problem.error,
    message: problem.detail,
    traceId: r.variables.gateway_trace_id,
  }
  r.return(problem.status, JSON.stringify(body))
}

export default { answer }
