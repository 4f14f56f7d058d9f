/** One kind of machine, person or place that both commands of the README have to work in. */
export interface ProofCase {
  name: string
  what: string
  /** Beside PATH and HOME. */
  environment?: Record<string, string>
  /** Runs in a terminal of its own instead of a pipe. */
  terminal?: boolean
  /** A home without any cache: everything is fetched and built. */
  emptyCache?: boolean
  /** As somebody without root's rights. */
  normalUser?: boolean
  /** Of the clone; default: one without surprises. */
  folder?: string
  /** Two clones at once, on ports of their own. */
  twice?: boolean
  /** The demo is begun while the start is on its way. */
  impatient?: boolean
  /** Takes minutes, so it is left out unless it is asked for. */
  slow?: boolean
}

export const cases: ProofCase[] = [
  { name: 'bare', what: 'env -i with only PATH and HOME' },
  { name: 'german', what: 'LC_ALL=de_DE.UTF-8', environment: { LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' } },
  { name: 'xterm', what: 'a terminal, TERM=xterm', environment: { TERM: 'xterm' }, terminal: true },
  { name: 'dumb', what: 'a terminal, TERM=dumb', environment: { TERM: 'dumb' }, terminal: true },
  {
    name: 'cluttered',
    what: 'colours forced, production set, options of Java, Go, Node and npm in the environment',
    environment: {
      FORCE_COLOR: '1',
      CLICOLOR_FORCE: '1',
      NODE_ENV: 'production',
      NODE_OPTIONS: '--no-warnings --max-old-space-size=4096',
      JAVA_TOOL_OPTIONS: '-Dfile.encoding=UTF-8',
      GOFLAGS: '-mod=mod',
      GOOS: 'plan9',
      MAVEN_ARGS: '-Dstyle.color=always',
      npm_config_omit: 'dev',
      npm_config_loglevel: 'verbose',
    },
  },
  { name: 'space', what: 'a path with a space', folder: 'a clone of mine' },
  { name: 'impatient', what: 'a demo that does not wait for the start', impatient: true },
  { name: 'normal-user', what: 'as a normal user', normalUser: true },
  { name: 'beside', what: 'beside a second clone', twice: true },
  { name: 'empty-cache', what: 'with an empty cache: nothing was ever fetched or built', emptyCache: true, slow: true },
  {
    name: 'normal-user-empty-cache',
    what: 'as a normal user with an empty cache',
    normalUser: true,
    emptyCache: true,
    slow: true,
  },
]
