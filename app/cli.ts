import { Command } from 'commander'
import { ReaderError } from '#lib/reader-error.ts'

const program = new Command('modelops')
  .description('One live, federated GraphQL graph over the ML tools a company already runs.')
  .showHelpAfterError('(modelops --help shows what there is)')

const config = ['--config <file>', 'configuration to read instead of MODELOPS_CONFIG or ./modelops.yaml'] as const

program
  .command('start')
  .description(
    'start the gateway over the configured sources, or over a demonstration company where none is configured',
  )
  .option(...config)
  .action(async (options) => (await import('./start.ts')).start(options))

program
  .command('gateway')
  .description('start the gateway alone, over subgraphs that are servers of their own')
  .option(...config)
  .action(async (options) => (await import('./gateway.ts')).gateway(options))

program
  .command('subgraph')
  .description('start one subgraph as a server of its own, which answers the gateway only')
  .argument('<name>', 'models, serving or platform')
  .option(...config)
  .action(async (name, options) => (await import('./subgraph.ts')).subgraph(name, options))

program
  .command('check')
  .description('ask every configured source who it is and what it lets us read; exits with 1 when one fails')
  .option(...config)
  .option('--json', 'machine-readable, for scripts')
  .action(async (options) => (await import('./check.ts')).check(options))

program
  .command('key')
  .description('make a key for one caller: prints it once, with the line that the configuration needs')
  .argument('[id]', 'name of the key in the log: lowercase letters, digits and dashes')
  .option('--role <role...>', 'roles of who has it', ['reader'])
  .option('--name <name>', 'name to show')
  .option('--expires <day>', 'last day on which it is accepted, such as 2027-01-31')
  .option('--internal', 'instead: the key with which a gateway asks subgraphs that are servers of their own')
  .action(async (id: string | undefined, options, command: Command) => {
    if (options.internal) return (await import('./internal-key.ts')).internalKey()
    return (await import('./key.ts')).key(id ?? command.error("error: missing required argument 'id'"), options)
  })

program
  .command('evidence')
  .description(
    'ask a running gateway for all that you may know of a model, as a zip with a report, facts and an ML-BOM',
  )
  .argument('<model>', 'id of the model, or its name where only one has it')
  .option('--out <file>', 'file to write. Default: named after the model and the day, in this folder')
  .option('--url <url>', 'address of the gateway', 'http://127.0.0.1:4000')
  .option('--key-env <name>', 'environment variable that holds the key or token to ask with', 'MODELOPS_KEY')
  .option('--fresh', 'answer nothing from memory')
  .action(async (model, options) => (await import('./evidence.ts')).evidence(model, options))

program
  .command('rules')
  .description('rules that judge health, compliance and risk')
  .command('test')
  .description("run the tests within the rules' files; exits with 1 when one fails")
  .option(...config)
  .action(async (options) => (await import('./rules.ts')).testRules(options))

const audit = program.command('audit').description('the chain of what people said and what was seen')
const keys = ['--key <file...>', 'further keys whose tombstones count, beside state.keyFile', [] as string[]] as const

audit
  .command('head')
  .description('print the end of the chain, to be kept elsewhere as an anchor')
  .option(...config)
  .action(async (options) => (await import('./audit.ts')).auditHead(options))

audit
  .command('verify')
  .description('walk the whole chain; exits with 1 and names the first broken entry when it is not whole')
  .option(...config)
  .option('--anchor <file>', 'a head that was kept: also tells whether the end was cut off or all was written anew')
  .option(...keys)
  .option('--json', 'machine-readable, for scripts')
  .action(async (options) => (await import('./audit.ts')).auditVerify(options))

const state = program.command('state').description('what is kept: moving it, and removing what is old')

state
  .command('export')
  .description('write everything that is kept as lines of JSON')
  .argument('[file]', 'a new file; default: stdout')
  .option(...config)
  .action(async (file, options) => (await import('./state.ts')).exportState(file, options))

state
  .command('import')
  .description('read an export into an empty state; all of it, or nothing when its chain is broken')
  .argument('[file]', 'default: stdin')
  .option(...config)
  .option(...keys)
  .action(async (file, options) => (await import('./state.ts')).importState(file, options))

state
  .command('prune')
  .description('remove what is older than state.retention says, leaving signed tombstones')
  .option(...config)
  .action(async (options) => (await import('./state.ts')).pruneState(options))

state
  .command('forget')
  .description('forget the name of a person; what they recorded stays, under their subject id')
  .argument('<subject>', 'subject id, as `by` shows it')
  .option(...config)
  .action(async (subject, options) => (await import('./state.ts')).forgetName(subject, options))

program
  .command('gate')
  .description(
    'ask a running gateway whether a version may be promoted, and record the decision; exits with 0 when it may, 1 when it may not, 2 when that could not be judged',
  )
  .argument('<subject>', '<model>@<alias or version>, or an id of the graph')
  .option('--policies <id...>', 'only these policies; default: all that are for such a thing')
  .option('--url <url>', 'address of the gateway', 'http://127.0.0.1:4000')
  .option('--key-env <name>', 'environment variable that holds the key or token to ask with', 'MODELOPS_KEY')
  .option('--idempotency-key <key>', 'sent twice, the decision is recorded once; default: a new one')
  .option('--timeout <seconds>', 'how long to wait', '60')
  .option('--json', 'print the answer as it came')
  .option('--junit', 'print JUnit XML')
  .option('--sarif', 'print SARIF 2.1.0')
  // A word that it does not know is no refusal: nothing was judged.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .action(async (subject, options) => (await import('./gate/index.ts')).gate(subject, options))

program
  .command('compose')
  .description('compose the subgraphs and write what is generated from them; exits with 1 when something is wrong')
  .option('--check', 'write nothing: fail when what is committed is stale')
  .option('--since <revision>', 'also tell what changed for clients since a git revision; fails on an unaccepted break')
  .action(async (options) => (await import('./compose.ts')).composeCommand(options))

try {
  await program.parseAsync()
} catch (error) {
  // What is meant for the reader has words of its own; anything else is a fault of ours and shows where.
  console.error(error instanceof ReaderError ? error.message : error)
  process.exitCode ||= 1
}
