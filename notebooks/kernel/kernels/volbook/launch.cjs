// How does a notebook's kernel start? As the repository's own tslab: from the repository's root, with strict types.
const {createRequire} = require("node:module");
const path = require("node:path");
const {inspect} = require("node:util");

const root = path.resolve(__dirname, "../../../..");
const main = path.join(root, "node_modules/tslab/dist/main.js");
const tslab = createRequire(main);
process.chdir(root);

const ts = tslab(tslab.resolve("@tslab/typescript-for-tslab"));
useStrictTypes();
prepareCells();
answerWhenReady();
replyWithErrors();
if (process.env.CI) dieOfFloatingRejections();
tslab(main).startKernel({configPath: process.argv[2], enableFindLocal: false});

// tslab never reads tsconfig.json: its compiler's options are set where it asks for the compiler.
function useStrictTypes() {
  const id = tslab.resolve("@tslab/typescript-for-tslab");
  const options = {
    strict: true,
    noUncheckedIndexedAccess: true,
    checkJs: false,
    skipLibCheck: true,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  };
  const createWatchCompilerHost = (files, own, ...rest) =>
    ts.createWatchCompilerHost(files, {...own, ...options}, ...rest);
  tslab.cache[id].exports = {...ts, createWatchCompilerHost};
}

// What tslab overlooks in a cell is written out before it compiles it, what goes wrong in it is told for a person, and
// what interrupts it interrupts a walk forward too.
function prepareCells() {
  const executor = tslab("./executor.js");
  const {createExecutor} = executor;
  executor.createExecutor = (rootDir, converters, console) => {
    const told = tellErrors(console);
    const created = createExecutor(rootDir, converters, told.console);
    const {execute, interrupt} = created;
    let running = new AbortController();
    created.execute = async (cell) => {
      running = new AbortController();
      const prepared = /@module\b/.test(cell) ? asItIs(cell) : prepare(cell);
      told.begin(prepared);
      try {
        return await execute(prepared.text);
      } finally {
        told.end();
      }
    };
    created.interrupt = () => {
      running.abort();
      interrupt();
    };
    interruptWalks(() => running.signal);
    return created;
  };
}

// A walk of which nobody gave a signal ends where its cell is interrupted; otherwise it would go on unseen.
function interruptWalks(signalNow) {
  const loaded = globalThis.__tslab__;
  let library;
  const withSignal = (own) => ({
    ...own,
    walkForward: (model, table, options) => own.walkForward(model, table, {signal: signalNow(), ...options}),
  });
  loaded.require = new Proxy(loaded.require, {
    apply(target, self, args) {
      const found = Reflect.apply(target, self, args);
      if (args[0] !== "volbook") return found;
      library ??= withSignal(found);
      return library;
    },
  });
}

/** The last error of the cell that runs, or ran last: what a reply to the client says. */
let lastError;

// The console that tslab tells errors to: the message first, without frames of the kernel itself; of what the compiler
// says, what is no TypeScript at all first, at the line and column of the cell as it was written.
function tellErrors(console) {
  let cell = asItIs("");
  let diagnostics = [];
  const error = (...said) => {
    const [first, file, line, column, message] = said;
    if (first === "%s%d:%d - %s") diagnostics.push({file, message, ...placeIn(cell, line - 1, column - 1)});
    else if (said.length === 1 && first instanceof Error) {
      lastError = {ename: first.name, evalue: first.message, traceback: textOf(first).split("\n")};
      console.error(textOf(first));
    } else console.error(...said);
  };
  return {
    console: new Proxy(console, {get: (target, name) => (name === "error" ? error : target[name])}),
    begin(prepared) {
      cell = prepared;
      diagnostics = [];
      lastError = undefined;
    },
    end() {
      if (diagnostics.length === 0) return;
      const isSyntax = ({message}) =>
        /\bexpected\b|^(Unexpected|Unterminated|Invalid character)/.test(message);
      const told = [...diagnostics.filter(isSyntax), ...diagnostics.filter((one) => !isSyntax(one))];
      const lines = told.map(
        ({file, line, column, message}) => `${file}${line + 1}:${column + 1} - ${message}`,
      );
      for (const text of lines) console.error(text);
      lastError = {ename: "CompileError", evalue: lines[0], traceback: lines};
    },
  };
}

// Message, then where: frames of cells, of the library and of packages, not those of tslab, Node and this file.
function textOf(error) {
  const frames = String(error.stack)
    .split("\n")
    .filter(
      (line) =>
        /^\s+at /.test(line) && !/node_modules\/tslab\/|launch\.cjs|node:|^\s+at new Promise/.test(line),
    );
  const {cause} = error;
  const because =
    cause === undefined || cause === null
      ? []
      : [`  because of ${cause instanceof Error ? `${cause.name}: ${cause.message}` : inspect(cause)}`];
  return [`${error.name}: ${error.message}`, ...because, ...frames].join("\n");
}

// A client such as papermill or VS Code takes the error from the reply, which tslab leaves without one.
function replyWithErrors() {
  const handler = tslab("./jupyter.js").JupyterHandlerImpl.prototype;
  const {handleExecute} = handler;
  handler.handleExecute = async function (...request) {
    const reply = await handleExecute.apply(this, request);
    return reply.status === "error"
      ? {...reply, ename: "Error", evalue: "", traceback: [], ...lastError}
      : reply;
  };
}

/** A cell as tslab gets it, and what was written into it: where in the text as it is now, and how long. */
function asItIs(text) {
  return {text, inserted: []};
}

function prepare(cell) {
  const {text, inserted} = withLongProperties(cell);
  const start = awaitsIn(cell) ? "await null; " : "";
  const later = inserted.map(({at, length}) => ({at: at + start.length, length}));
  return {
    text: `${start}${text}`,
    inserted: start === "" ? later : [{at: 0, length: start.length}, ...later],
  };
}

// Line and column, from 0, of the cell as it was written.
function placeIn({text, inserted}, line, column) {
  const start = text
    .split("\n")
    .slice(0, line)
    .reduce((sum, one) => sum + one.length + 1, 0);
  const before = inserted
    .filter(({at}) => at >= start && at < start + column)
    .reduce((sum, {length}) => sum + length, 0);
  return {line, column: Math.max(0, column - before)};
}

// `for await` and `await (…)` at the top level: with an await in front tslab sees that the cell has one.
function awaitsIn(cell) {
  return /\bawait\b/.test(cell);
}

// `{a}`, where another cell declared a: tslab finds the variable in `{a: a}` alone.
function withLongProperties(cell) {
  const source = ts.createSourceFile("cell.ts", cell, ts.ScriptTarget.Latest, true);
  const ends = [];
  const visit = (node) => {
    if (ts.isShorthandPropertyAssignment(node)) ends.push(node.name);
    ts.forEachChild(node, visit);
  };
  visit(source);
  let text = "";
  let from = 0;
  const inserted = [];
  for (const {text: name, end} of ends.sort((a, b) => a.end - b.end)) {
    text += cell.slice(from, end);
    inserted.push({at: text.length, length: name.length + 2});
    text += `: ${name}`;
    from = end;
  }
  return {text: text + cell.slice(from), inserted};
}

// A client may ask before every socket is bound; tslab's answer would then be lost, and its promise rejected.
function answerWhenReady() {
  const server = tslab("./jupyter.js").ZmqServer.prototype;
  const {init, handleShellMessage} = server;
  let ready;
  server.init = function () {
    ready = init.call(this);
    return ready;
  };
  server.handleShellMessage = async function (...message) {
    await ready;
    return handleShellMessage.apply(this, message);
  };
}

// A promise nobody awaits may fail after its cell has ended: unattended, that must not pass for success.
function dieOfFloatingRejections() {
  for (const event of ["unhandledRejection", "uncaughtException"]) {
    process.on(event, () => {
      console.error("Something that no cell awaits has failed; the kernel ends.");
      setTimeout(() => process.exit(70), 300); // long enough for tslab's message to reach the notebook
    });
  }
}
