import { runService } from '@rollcall/runtime/service'
import { startNotificationsService } from './app.ts'
import { loadConfig } from './config.ts'

await runService({ name: 'notifications', environment: process.env, loadConfig, start: startNotificationsService })
