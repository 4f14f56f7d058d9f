/**
 * How a service's Node uses memory; the image says the same. Left alone, V8 takes what a large machine has to offer: 64 MB of
 * young objects a thread and an old space of several times what is alive, 700 MB for 100 MB of it. So bounded, a service stays
 * below 300 MB, for some percent of its processor time.
 */
export const nodeOptions = ['--max-semi-space-size=8', '--heap-growing-percent=40'] as const

/** Two arenas of malloc instead of eight a core: threads that come and go leave less behind. */
export const memoryEnvironment = { MALLOC_ARENA_MAX: '2' } as const
