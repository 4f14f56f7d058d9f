import { runService } from '@rollcall/runtime/service'
import { startEventsService } from './app.ts'
import { loadConfig } from './config.ts'

await runService({ name: 'events', environment: process.env, loadConfig, start: startEventsService })
