import type { PlantedWorkspace } from './planted-workspace.ts'

/** Something that a newcomer does to the workspace, and what it may cost them. */
export interface Task {
  name: string
  /** Files to touch at most; written documents, lock file and the feature's own tests do not count. */
  mostFiles: number
  /** Folder of their own whose files do not count: what is asked is how many others know of it. */
  ownFolder?: string
  plant(workspace: PlantedWorkspace): void
  /** A module that prints as JSON what has become of it, and what that is. */
  shows: { source: string; is: unknown }
  /** Unit tests of the workspace that would fail if something were forgotten. */
  heldBy?: string[]
}
