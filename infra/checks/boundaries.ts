import { cruise } from './cruise.ts'
import { conclude, ROOT } from './tool.ts'

conclude('boundaries', await cruise(ROOT))
