// The server's command: node src/server/main.ts. What is set here must be set before the rest is loaded.
import {enableCompileCache} from "node:module";
import {setFlagsFromString} from "node:v8";
import {runInNewContext} from "node:vm";

// What lives only as long as a request needs little room: V8 would give it 48 MB.
setFlagsFromString("--semi-space-growth-factor=1");
// From the second start on, in the system's folder for temporary files.
enableCompileCache();

const {createReaderProcess} = await import("../store/readerProcess.ts");
// It starts while the rest is loaded.
const reader = createReaderProcess();
reader.start();
const {serve} = await import("./serve.ts");
await serve({reader});

// While all that was loaded the heap might grow. From now on it is looked through once it is a quarter larger than what
// is in use, and not twice as large.
setFlagsFromString("--heap-growing-percent=25");
setFlagsFromString("--expose-gc");
(runInNewContext("gc") as () => void)();
