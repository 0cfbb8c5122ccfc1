// The server's command: node src/server/main.ts. What is set here must be set before the rest is loaded.
import {enableCompileCache} from "node:module";
import {setFlagsFromString} from "node:v8";
import {createReaderProcess} from "../store/readerProcess.ts";

// What lives only as long as a request needs little room: V8 would give it 48 MB, and what is left over half as much
// again as is in use before it looks.
setFlagsFromString("--semi-space-growth-factor=1");
setFlagsFromString("--heap-growing-percent=25");
// From the second start on, in the system's folder for temporary files.
enableCompileCache();

// It starts while the rest is loaded.
const reader = createReaderProcess();
reader.start();
const {serve} = await import("./serve.ts");
await serve({reader});
