// How does a notebook's kernel start? As the repository's own tslab: from the repository's root, with strict types.
const {createRequire} = require("node:module");
const path = require("node:path");

const root = path.resolve(__dirname, "../../../..");
const main = path.join(root, "node_modules/tslab/dist/main.js");
const tslab = createRequire(main);
process.chdir(root);

const ts = tslab(tslab.resolve("@tslab/typescript-for-tslab"));
useStrictTypes();
prepareCells();
answerWhenReady();
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

// What tslab overlooks in a cell is written out before it compiles it.
function prepareCells() {
  const executor = tslab("./executor.js");
  const {createExecutor} = executor;
  executor.createExecutor = (...args) => {
    const created = createExecutor(...args);
    const {execute} = created;
    created.execute = (cell) => execute(/@module\b/.test(cell) ? cell : withAwait(withLongProperties(cell)));
    return created;
  };
}

// `for await` and `await (…)` at the top level: with an await in front tslab sees that the cell has one.
function withAwait(cell) {
  return /\bawait\b/.test(cell) ? `await null; ${cell}` : cell;
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
  return ends.reduceRight(
    (text, {text: name, end}) => `${text.slice(0, end)}: ${name}${text.slice(end)}`,
    cell,
  );
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
