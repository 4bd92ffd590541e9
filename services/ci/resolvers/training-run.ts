import type { Forges } from '../forges.ts'
import type { TrainingRunResolvers } from '../schema.generated.ts'
import { traceCommit, tracePipelineRun } from '../trace.ts'

/** `TrainingRun`: the forge resolves what the run recorded. Look-ups are shared by the fields, since loaders remember. */
export function trainingRunResolvers(forges: Forges): TrainingRunResolvers {
  return {
    commit: async (run, _, context) => (await traceCommit(forges, run, context)).to?.entry,
    commitLink: async (run, _, context) => (await traceCommit(forges, run, context)).to?.link,
    pipelineRun: async (run, _, context) => (await tracePipelineRun(forges, run, context)).to?.entry,
    pipelineRunLink: async (run, _, context) => (await tracePipelineRun(forges, run, context)).to?.link,
    startedByCi: async (run, _, context) => {
      const [commit, pipelineRun] = await Promise.all([
        traceCommit(forges, run, context),
        tracePipelineRun(forges, run, context),
      ])
      if (pipelineRun.to) return true
      // No CI run was under way: known only of a commit that can be looked up, and a time to look at.
      const isSure = commit.incomplete.length + pipelineRun.incomplete.length === 0
      const told = commit.to !== null && run.startedAt && isSure
      return told ? false : null
    },
    codeIncomplete: async (run, _, context) => {
      const [commit, pipelineRun] = await Promise.all([
        traceCommit(forges, run, context),
        tracePipelineRun(forges, run, context),
      ])
      return [...commit.incomplete, ...pipelineRun.incomplete]
    },
  }
}
