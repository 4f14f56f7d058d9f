import { runService } from '@rollcall/runtime/service'
import { startUsersService } from './app.ts'
import { loadConfig } from './config.ts'

await runService({ name: 'users', environment: process.env, loadConfig, start: startUsersService })
